
import django.db.models.deletion
from django.db import migrations, models

from tsunagari.base import rls


class Migration(migrations.Migration):

    dependencies = [
        ('places', '0002_walls'),
    ]

    operations = [
        migrations.CreateModel(
            name='Site',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('mobile', '出張ひろば'), ('outing', '出張相談・出前保育など')], default='mobile', max_length=10, verbose_name='種類')),
                ('name', models.CharField(max_length=80, verbose_name='名前')),
                ('address', models.CharField(blank=True, max_length=200, verbose_name='所在地')),
                ('latitude', models.FloatField(blank=True, null=True, verbose_name='緯度')),
                ('longitude', models.FloatField(blank=True, null=True, verbose_name='経度')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='備考')),
                ('valid_from', models.DateField(verbose_name='開始日')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='終了日')),
                ('version', models.PositiveIntegerField(default=1)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sites', to='places.agency')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.municipality')),
            ],
        ),
        migrations.CreateModel(
            name='SiteTime',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weekday', models.PositiveSmallIntegerField(blank=True, help_text='0 is Monday', null=True, verbose_name='曜日')),
                ('weeks', models.JSONField(blank=True, default=list, help_text='[1, 3]; empty: every week', verbose_name='第何週')),
                ('day', models.DateField(blank=True, null=True, verbose_name='日')),
                ('opens', models.TimeField(verbose_name='開始')),
                ('closes', models.TimeField(verbose_name='終了')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.municipality')),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='times', to='places.site')),
            ],
        ),
        migrations.CreateModel(
            name='TimeSlot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=20, verbose_name='名前')),
                ('starts', models.TimeField(verbose_name='開始')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='slots', to='places.agency')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.municipality')),
            ],
        ),
        migrations.AddIndex(
            model_name='site',
            index=models.Index(fields=['agency', 'valid_from'], name='site_by_agency'),
        ),
        migrations.AddConstraint(
            model_name='site',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='site_period'),
        ),
        migrations.AddIndex(
            model_name='sitetime',
            index=models.Index(fields=['site', 'weekday'], name='site_time_by_site'),
        ),
        migrations.AddConstraint(
            model_name='sitetime',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('day__isnull', False), ('weekday__isnull', True)), models.Q(('day__isnull', True), ('weekday__lte', 6)), _connector='OR'), name='site_time_weekday_or_day'),
        ),
        migrations.AddConstraint(
            model_name='sitetime',
            constraint=models.CheckConstraint(condition=models.Q(('closes__gt', models.F('opens'))), name='site_time_order'),
        ),
        migrations.AddConstraint(
            model_name='timeslot',
            constraint=models.UniqueConstraint(fields=('agency', 'starts'), name='slot_once'),
        ),
            rls.tenant_parent("places_site"),
        rls.tenant_table("places_site", parents={"agency_id": "places_agency"}),
        rls.tenant_table("places_sitetime", parents={"site_id": "places_site"}),
        rls.tenant_table("places_timeslot", parents={"agency_id": "places_agency"}),
    ]
