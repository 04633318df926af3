"""Rows of a roster by family, and the visits they made."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('interop', '0003_lasting_connection')]

    operations = [
        migrations.AlterField(
            model_name='rosterrow',
            name='candidates',
            field=models.JSONField(default=list, help_text='[{household, score, agrees, differs}] best first; at the first row'),
        ),
        migrations.AlterField(
            model_name='rosterrow',
            name='group',
            field=models.PositiveIntegerField(default=0, help_text='rows of one family within the file have one number: that of its first row'),
        ),
        migrations.AddIndex(
            model_name='rosterrow',
            index=models.Index(fields=['source', 'group', 'number'], name='roster_row_by_family'),
        ),
        migrations.AddIndex(
            model_name='rosterrow',
            index=models.Index(condition=models.Q(('visit__isnull', False)), fields=['visit'], name='roster_row_visit'),
        ),
    ]
