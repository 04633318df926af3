from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_lasting_connection")]

    operations = [
        migrations.AddField(
            model_name="device",
            name="wrong_count",
            field=models.PositiveSmallIntegerField(default=0, help_text="card numbers that no card has"),
        ),
        migrations.AddField(
            model_name="device",
            name="wrong_since",
            field=models.DateTimeField(help_text="when counting them began", null=True),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(("role", "kiosk"), _negated=True), name="membership_of_a_person"
            ),
        ),
    ]
