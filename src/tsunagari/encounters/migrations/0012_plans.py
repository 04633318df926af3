"""Who sees to a plan's review, and the key that makes two clicks one plan."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("encounters", "0011_reports")]

    operations = [
        migrations.AddField(
            model_name="supportplan",
            name="owner_id",
            field=models.BigIntegerField(help_text="user who sees to the review", null=True),
        ),
        migrations.AddField(
            model_name="supportplan",
            name="owner_name",
            field=models.CharField(blank=True, default="", max_length=80, verbose_name="担当"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="supportplan",
            name="key",
            field=models.UUIDField(
                help_text="from the form: the same key is the same plan", null=True, unique=True
            ),
        ),
        migrations.AddIndex(
            model_name="supportplan",
            index=models.Index(
                condition=models.Q(("closed_on__isnull", True)),
                fields=["owner_id", "review_on"],
                name="plan_of_owner",
            ),
        ),
    ]
