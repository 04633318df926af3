
import django.db.models.deletion
from django.db import migrations, models

from tsunagari.base import rls


class Migration(migrations.Migration):

    dependencies = [
        ('encounters', '0003_lasting_connection'),
        ('families', '0003_lasting_connection'),
        ('interop', '0002_walls'),
        ('places', '0003_lasting_connection'),
    ]

    operations = [
        migrations.AddField(
            model_name='import',
            name='agency',
            field=models.ForeignKey(help_text='whose roster it is', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.agency'),
        ),
        migrations.AlterField(
            model_name='import',
            name='kind',
            field=models.CharField(choices=[('agencies', '施設一覧'), ('residents', '住民の抽出データ'), ('areas', '区域'), ('roster', 'これまでの名簿・来所簿')], max_length=10),
        ),
        migrations.AlterField(
            model_name='import',
            name='status',
            field=models.CharField(choices=[('reading', '読み取り中'), ('mapping', '列の対応を決めるところ'), ('matching', '家庭とつきあわせ中'), ('preview', '確認待ち'), ('applying', '取り込み中'), ('done', '取り込みずみ'), ('failed', '読み取れません'), ('discarded', '取りやめ'), ('undoing', '元にもどしています'), ('undone', '元にもどしました')], default='reading', max_length=10),
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
                ('group', models.PositiveIntegerField(default=0, help_text='rows of one family within the file have one number')),
                ('candidates', models.JSONField(default=list, help_text='[{household, score, reasons}] best first')),
                ('decided_by', models.BigIntegerField(null=True)),
                ('made', models.JSONField(default=dict, help_text='ids of what applying this row made, to undo it')),
                ('reason', models.CharField(blank=True, help_text='why it could not be read', max_length=200)),
                ('household', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='roster_rows', to='families.household')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.municipality')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='roster_rows', to='interop.import')),
                ('visit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='encounters.visit')),
            ],
            options={
                'indexes': [models.Index(fields=['source', 'match', 'number'], name='roster_row_by_match'), models.Index(fields=['household'], name='roster_row_household')],
                'constraints': [models.UniqueConstraint(fields=('source', 'number'), name='roster_row_once')],
            },
        ),
            rls.tenant_parent("interop_import"),
        rls.tenant_table("interop_rostermapping", parents={"agency_id": "places_agency"}),
        rls.tenant_table("interop_rosterrow", parents={"source_id": "interop_import", "household_id": "families_household", "visit_id": "encounters_visit"}),
        migrations.RunSQL("ALTER TABLE interop_import ADD CONSTRAINT interop_import_agency_id_same_town FOREIGN KEY (agency_id, municipality_id) REFERENCES places_agency (id, municipality_id) DEFERRABLE INITIALLY DEFERRED", migrations.RunSQL.noop),
    ]
