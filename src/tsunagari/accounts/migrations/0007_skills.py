"""A course knows how often it was changed, so that two people do not undo each other's change."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_skill_walls")]
    operations = [
        migrations.AddField(
            model_name="course",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
    ]
