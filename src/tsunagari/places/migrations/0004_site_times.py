from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("places", "0003_lasting_connection"),
    ]

    operations = [
        migrations.AddField(
            model_name="sitetime",
            name="valid_from",
            field=models.DateField(
                blank=True, help_text="NULL: since the site began", null=True, verbose_name="開始日"
            ),
        ),
        migrations.AddField(
            model_name="sitetime",
            name="valid_to",
            field=models.DateField(
                blank=True, help_text="NULL: as long as the site", null=True, verbose_name="終了日"
            ),
        ),
        migrations.AlterField(
            model_name="sitetime",
            name="weeks",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="[1, 3], 9 is the last; empty: every week",
                verbose_name="第何週",
            ),
        ),
    ]
