
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from tsunagari.base import rls


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_lasting_connection'),
        ('encounters', '0002_walls'),
        ('places', '0003_lasting_connection'),
    ]

    operations = [
        migrations.AddField(
            model_name='visit',
            name='site',
            field=models.ForeignKey(blank=True, help_text='NULL: at the agency', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.site'),
        ),
        migrations.CreateModel(
            name='KioskScan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(help_text='from the tablet: the same key is the same reading', unique=True)),
                ('number', models.CharField(blank=True, help_text='card number as typed; a token is never kept', max_length=9)),
                ('adults', models.PositiveSmallIntegerField(default=1)),
                ('children', models.PositiveSmallIntegerField(default=0)),
                ('scanned_at', models.DateTimeField()),
                ('received_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('settled_by', models.BigIntegerField(null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.agency')),
                ('device', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.device')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.municipality')),
                ('visit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='encounters.visit')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('settled_at__isnull', True)), fields=['agency', 'scanned_at'], name='scan_waiting')],
            },
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='日')),
                ('at', models.TimeField(verbose_name='時刻')),
                ('families', models.PositiveSmallIntegerField(default=0, verbose_name='組')),
                ('adults', models.PositiveSmallIntegerField(default=0, verbose_name='大人')),
                ('children', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), default=list, help_text='of age 0, 1, 2, 3, 4, 5, 6 and more, unknown', size=None)),
                ('newcomers', models.PositiveSmallIntegerField(default=0, verbose_name='はじめての組')),
                ('other_town', models.PositiveSmallIntegerField(default=0, verbose_name='市外の組')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='メモ')),
                ('key', models.UUIDField(help_text='from the form: the same key is the same tally (double click)', unique=True)),
                ('created_at', models.DateTimeField()),
                ('created_by', models.BigIntegerField(null=True)),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('undone_by', models.BigIntegerField(null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.agency')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.municipality')),
                ('site', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.site')),
            ],
            options={
                'indexes': [models.Index(fields=['agency', 'day', 'at'], name='tally_roster')],
            },
        ),
            rls.tenant_table("encounters_tally", parents={"agency_id": "places_agency", "site_id": "places_site"}),
        rls.tenant_table("encounters_kioskscan", parents={"agency_id": "places_agency", "device_id": "accounts_device", "visit_id": "encounters_visit"}),
        migrations.RunSQL("ALTER TABLE encounters_visit ADD CONSTRAINT encounters_visit_site_id_same_town FOREIGN KEY (site_id, municipality_id) REFERENCES places_site (id, municipality_id) DEFERRABLE INITIALLY DEFERRED", migrations.RunSQL.noop),
    ]
