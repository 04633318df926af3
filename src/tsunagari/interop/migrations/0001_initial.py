"""Files brought in, and their rows."""

import django.db.models.deletion
from django.db import migrations, models

from tsunagari.base import tables


class Migration(migrations.Migration):

    # The former steps it stands for; a database with only some of them is refused (config/migrating.py).
    replaces = [
        ('interop', '0003_lasting_connection'),
        ('interop', '0004_rosters'),
        ('interop', '0005_no_town_only_indexes'),
        ('interop', '0006_no_index_twice'),
    ]

    initial = True

    dependencies = [
        ('encounters', '0001_initial'),
        ('families', '0001_initial'),
        ('places', '0001_initial'),
    ]

    operations = [tables.CreateModels([
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('agencies', '施設一覧'), ('residents', '住民の抽出データ'), ('areas', '区域'), ('roster', 'これまでの名簿・来所簿')], max_length=10)),
                ('status', models.CharField(choices=[('reading', '読み取り中'), ('mapping', '列の対応を決めるところ'), ('matching', '家庭とつきあわせ中'), ('preview', '確認待ち'), ('applying', '取り込み中'), ('done', '取り込みずみ'), ('failed', '読み取れません'), ('discarded', '取りやめ'), ('undoing', '元にもどしています'), ('undone', '元にもどしました')], default='reading', max_length=10)),
                ('filename', models.CharField(max_length=200)),
                ('digest', models.CharField(help_text='SHA-256 of the file, hex', max_length=64)),
                ('content', models.BinaryField(help_text='the file; removed once applied or discarded', null=True)),
                ('options', models.JSONField(default=dict)),
                ('rows', models.PositiveIntegerField(default=0)),
                ('progress', models.PositiveIntegerField(default=0, help_text='rows handled so far')),
                ('added', models.PositiveIntegerField(default=0)),
                ('changed', models.PositiveIntegerField(default=0)),
                ('unchanged', models.PositiveIntegerField(default=0)),
                ('rejected', models.JSONField(default=list, help_text='[{row, column, value, reason}]')),
                ('samples', models.JSONField(default=list, help_text='a few rows of the preview: what would happen to them')),
                ('rejected_file', models.BinaryField(help_text='the refused rows in their own columns, with the reason', null=True)),
                ('notes', models.JSONField(default=list, help_text='sentences about the file: encoding, skipped lines …')),
                ('message', models.CharField(blank=True, max_length=300)),
                ('created_by', models.BigIntegerField(null=True)),
                ('created_by_name', models.CharField(blank=True, max_length=80)),
                ('created_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.municipality')),
                ('agency', models.ForeignKey(help_text='whose roster it is', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.agency')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', '-created_at'], name='import_by_time')],
            },
        ),
        migrations.CreateModel(
            name='RosterMapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('headings', models.CharField(help_text='SHA-256 of the folded headings, hex', max_length=64)),
                ('mapping', models.JSONField(help_text='{column number: field}, date order, defaults')),
                ('used_at', models.DateTimeField()),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.agency')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.municipality')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agency', 'headings'), name='roster_mapping_once')],
            },
        ),
        migrations.CreateModel(
            name='RosterRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(help_text='row of the sheet, from 1')),
                ('values', models.JSONField(help_text='what was read, by field')),
                ('match', models.CharField(choices=[('sure', '同じ家庭です'), ('maybe', 'かもしれません'), ('new', '新しい家庭'), ('bad', '読み取れません')], max_length=6)),
                ('group', models.PositiveIntegerField(default=0, help_text='rows of one family within the file have one number: that of its first row')),
                ('candidates', models.JSONField(default=list, help_text='[{household, score, agrees, differs}] best first; at the first row')),
                ('decided_by', models.BigIntegerField(null=True)),
                ('made', models.JSONField(default=dict, help_text='ids of what applying this row made, to undo it')),
                ('reason', models.CharField(blank=True, help_text='why it could not be read', max_length=200)),
                ('household', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='roster_rows', to='families.household')),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.municipality')),
                ('source', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='roster_rows', to='interop.import')),
                ('visit', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='encounters.visit')),
            ],
            options={
                'indexes': [models.Index(fields=['source', 'match', 'number'], name='roster_row_by_match'), models.Index(fields=['household'], name='roster_row_household'), models.Index(fields=['source', 'group', 'number'], name='roster_row_by_family'), models.Index(condition=models.Q(('visit__isnull', False)), fields=['visit'], name='roster_row_visit')],
                'constraints': [models.UniqueConstraint(fields=('source', 'number'), name='roster_row_once')],
            },
        ),
    ])]
