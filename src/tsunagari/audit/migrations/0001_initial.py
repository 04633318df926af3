"""The trail, and each town's head of its chain."""

from django.db import migrations, models

from tsunagari.base import tables


class Migration(migrations.Migration):

    # The former steps it stands for; a database with only some of them is refused (config/migrating.py).
    replaces = [
        ('audit', '0003_checks'),
    ]

    initial = True

    dependencies = [
    ]

    operations = [tables.CreateModels([
        migrations.CreateModel(
            name='Head',
            fields=[
                ('municipality_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('seq', models.BigIntegerField(default=0)),
                ('hash', models.CharField(blank=True, max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('municipality_id', models.BigIntegerField(help_text='0 stands for the installation (sign-in)')),
                ('seq', models.BigIntegerField(default=0)),
                ('at', models.DateTimeField()),
                ('user_id', models.BigIntegerField(null=True)),
                ('membership_id', models.BigIntegerField(null=True)),
                ('role', models.CharField(blank=True, max_length=20)),
                ('agency_id', models.BigIntegerField(null=True)),
                ('action', models.CharField(max_length=60)),
                ('outcome', models.CharField(choices=[('done', '実行'), ('refused', '拒否')], default='done', max_length=10)),
                ('household_id', models.BigIntegerField(null=True)),
                ('object_type', models.CharField(blank=True, max_length=40)),
                ('object_id', models.BigIntegerField(null=True)),
                ('ip', models.CharField(blank=True, max_length=45)),
                ('via', models.CharField(blank=True, max_length=10)),
                ('detail', models.TextField(blank=True, help_text='canonical JSON of ids and codes')),
                ('prev', models.CharField(blank=True, max_length=64)),
                ('hash', models.CharField(blank=True, max_length=64)),
            ],
            options={
                'indexes': [models.Index(fields=['municipality_id', '-at'], name='audit_by_time'), models.Index(condition=models.Q(('household_id__isnull', False)), fields=['household_id', '-at'], name='audit_by_household'), models.Index(fields=['user_id', '-at'], name='audit_by_user'), models.Index(fields=['municipality_id', 'agency_id', '-at'], name='audit_by_agency'), models.Index(condition=models.Q(('action', 'trail.verify')), fields=['municipality_id', '-seq'], name='audit_checks')],
                'constraints': [models.UniqueConstraint(fields=('municipality_id', 'seq'), name='audit_entry_position')],
            },
        ),
    ])]
