
import django.db.models.deletion
from django.db import migrations, models

from tsunagari.base import rls


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_walls'),
        ('places', '0003_lasting_connection'),
    ]

    operations = [
        migrations.CreateModel(
            name='Device',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, verbose_name='端末の名前')),
                ('token_digest', models.CharField(help_text="SHA-256 of the cookie's secret, hex", max_length=64, unique=True)),
                ('unlocked_by', models.BigIntegerField(null=True)),
                ('unlocked_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField(help_text='the session ends by itself')),
                ('locked_at', models.DateTimeField(null=True)),
                ('locked_by', models.BigIntegerField(null=True)),
                ('seen_at', models.DateTimeField(help_text='last heard of, to the minute', null=True)),
                ('waiting', models.PositiveIntegerField(default=0, help_text='check-ins it still kept when last heard of')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.agency')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.municipality')),
                ('site', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.site')),
            ],
            options={
                'indexes': [models.Index(fields=['agency', '-unlocked_at'], name='device_by_agency')],
            },
        ),
            rls.tenant_parent("accounts_device"),
        rls.tenant_table("accounts_device", parents={"agency_id": "places_agency", "site_id": "places_site"}),
    ]
