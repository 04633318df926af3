"""Reports, what is asked in them, and records told to the city."""

import django.db.models.deletion
from django.db import migrations, models

from tsunagari.base import tables


class Migration(migrations.Migration):

    # The former steps it stands for; a database with only some of them is refused (config/migrating.py).
    replaces = [
        ('reports', '0003_asked_since'),
        ('reports', '0004_rules_in_time'),
        ('reports', '0005_shared_records'),
    ]

    initial = True

    dependencies = [
        ('encounters', '0001_initial'),
        ('places', '0001_initial'),
    ]

    operations = [tables.CreateModels([
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('daily', '日報'), ('monthly', '月報')], max_length=8, verbose_name='種類')),
                ('starts_on', models.DateField(verbose_name='はじめの日')),
                ('ends_on', models.DateField(verbose_name='おわりの日')),
                ('number', models.PositiveSmallIntegerField(default=1, help_text='1, then one more for each amended report')),
                ('amend_reason', models.CharField(blank=True, max_length=300, verbose_name='直した理由')),
                ('state', models.CharField(choices=[('draft', '作成中'), ('submitted', '提出ずみ'), ('received', '受け取りずみ'), ('returned', '差しもどし')], default='draft', max_length=10)),
                ('note', models.TextField(blank=True, verbose_name='所見')),
                ('figures', models.JSONField(help_text='frozen when submitted; NULL: read from the records', null=True)),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='期限')),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField()),
                ('submitted_at', models.DateTimeField(blank=True, null=True)),
                ('submitted_by', models.BigIntegerField(null=True)),
                ('submitted_by_name', models.CharField(blank=True, max_length=80)),
                ('received_at', models.DateTimeField(blank=True, null=True)),
                ('received_by_name', models.CharField(blank=True, max_length=80)),
                ('returned_at', models.DateTimeField(blank=True, null=True)),
                ('returned_by_name', models.CharField(blank=True, max_length=80)),
                ('return_reason', models.CharField(blank=True, max_length=300, verbose_name='差しもどしの理由')),
                ('agency', models.ForeignKey(blank=True, help_text='NULL: the whole city', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.agency')),
                ('amends', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='amended_by', to='reports.report')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.municipality')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'kind', '-starts_on'], name='report_of_town'), models.Index(fields=['agency', 'kind', '-starts_on'], name='report_of_agency')],
                'constraints': [models.UniqueConstraint(fields=('municipality', 'agency', 'kind', 'starts_on', 'number'), name='report_once', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='ReportComment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=1000, verbose_name='コメント')),
                ('author_id', models.BigIntegerField(null=True)),
                ('author_name', models.CharField(max_length=80)),
                ('written_at', models.DateTimeField()),
                ('key', models.UUIDField(unique=True)),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.municipality')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='reports.report')),
            ],
        ),
        migrations.CreateModel(
            name='ReportingRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('items', models.JSONField(help_text='{ReportItem: Asking}; NULL: from here on the agency is asked what all are', null=True)),
                ('daily', models.BooleanField(default=False, verbose_name='日報を出す')),
                ('due_day', models.PositiveSmallIntegerField(default=5, verbose_name='翌月何日まで')),
                ('version', models.PositiveIntegerField(default=1)),
                ('changed_at', models.DateTimeField()),
                ('changed_by', models.BigIntegerField(null=True)),
                ('agency', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.agency')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.municipality')),
                ('starts_on', models.DateField(help_text='the first of a month; holds until the next one begins', verbose_name='いつの報告から')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('municipality', 'agency', 'starts_on'), name='reporting_rule_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('starts_on__day', 1)), name='reporting_rule_of_months'), models.CheckConstraint(condition=models.Q(('items__isnull', False), ('agency__isnull', False), _connector='OR'), name='reporting_rule_says')],
            },
        ),
        migrations.CreateModel(
            name='ReportTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('daily', '日報'), ('monthly', '月報')], max_length=8)),
                ('name', models.CharField(max_length=120, verbose_name='ファイル名')),
                ('data', models.BinaryField()),
                ('problems', models.JSONField(default=list, help_text='names in it that are no figure')),
                ('uploaded_at', models.DateTimeField()),
                ('uploaded_by_name', models.CharField(blank=True, max_length=80)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.municipality')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'kind', '-uploaded_at'], name='report_template')],
            },
        ),
        migrations.CreateModel(
            name='SharedRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(help_text='of the record')),
                ('shared_at', models.DateTimeField()),
                ('shared_by', models.BigIntegerField(null=True)),
                ('shared_by_name', models.CharField(max_length=80)),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('undone_by', models.BigIntegerField(null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.agency')),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shared_with_city', to='encounters.consultation')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.municipality')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('undone_at__isnull', True)), fields=('consultation',), name='shared_record_once')],
            },
        ),
    ])]
