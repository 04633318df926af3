"""The last check of a town's chain is found at once, however long the trail."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_chain")]
    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                fields=["municipality_id", "-seq"],
                name="audit_checks",
                condition=models.Q(action="trail.verify"),
            ),
        ),
    ]
