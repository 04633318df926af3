
import django.db.models.deletion
from django.db import migrations, models

from tsunagari.base import rls


class Migration(migrations.Migration):

    dependencies = [
        ('families', '0002_walls'),
        ('places', '0003_lasting_connection'),
    ]

    operations = [
        migrations.CreateModel(
            name='RegistrationPolicy',
            fields=[
                ('municipality', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='places.municipality')),
                ('renewal', models.CharField(choices=[('none', '更新しない'), ('fiscal_year', '年度ごとに更新する')], default='none', max_length=12, verbose_name='更新')),
                ('renewal_opens_month', models.PositiveSmallIntegerField(default=3, help_text='1-12; from its first day on the coming year is due', verbose_name='更新の受付をはじめる月')),
                ('at_handbook', models.CharField(choices=[('none', '何もしない'), ('propose', '区域の機関をすすめる'), ('set', '区域の機関をかかりつけにする')], default='propose', max_length=8, verbose_name='母子手帳交付のとき')),
                ('at_birth', models.CharField(choices=[('none', '何もしない'), ('propose', '区域の機関をすすめる'), ('set', '区域の機関をかかりつけにする')], default='propose', max_length=8, verbose_name='出生のとき')),
                ('grown_out_after', models.PositiveSmallIntegerField(default=6, help_text='the fiscal year in which the youngest child turned this old', verbose_name='登録を終える年齢')),
                ('card_note', models.CharField(blank=True, max_length=60, verbose_name='カードに書くことば')),
                ('version', models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name='Benefit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='名前')),
                ('description', models.CharField(blank=True, max_length=200, verbose_name='内容')),
                ('each', models.CharField(choices=[('household', '家庭ごと'), ('child', '子どもごと')], default='household', max_length=10, verbose_name='だれに')),
                ('quantity', models.PositiveSmallIntegerField(default=1, verbose_name='数')),
                ('unit', models.CharField(default='回', max_length=10, verbose_name='単位')),
                ('needs_registration', models.BooleanField(default=True, verbose_name='登録している家庭だけ')),
                ('from_months', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='月齢から')),
                ('until_months', models.PositiveSmallIntegerField(blank=True, help_text='until the day before the child is this many months old', null=True, verbose_name='月齢まで')),
                ('months_from_registration', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='登録から使える月数')),
                ('valid_from', models.DateField(verbose_name='はじめの日')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='おわりの日')),
                ('version', models.PositiveIntegerField(default=1)),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.municipality')),
            ],
        ),
        migrations.CreateModel(
            name='BenefitUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('count', models.PositiveSmallIntegerField(default=1)),
                ('used_on', models.DateField(verbose_name='日')),
                ('note', models.CharField(blank=True, max_length=120, verbose_name='メモ')),
                ('key', models.UUIDField(help_text='from the form: the same key is the same use (double click)', unique=True)),
                ('created_at', models.DateTimeField()),
                ('created_by', models.BigIntegerField(null=True)),
                ('undone_at', models.DateTimeField(null=True)),
                ('undone_by', models.BigIntegerField(null=True)),
                ('agency', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.agency')),
                ('benefit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='families.benefit')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='benefit_uses', to='families.household')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.municipality')),
                ('person', models.ForeignKey(help_text='of benefits for each child', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='families.person')),
            ],
        ),
        migrations.CreateModel(
            name='Card',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(help_text='eight digits and a check digit', max_length=9, verbose_name='カード番号')),
                ('token', models.CharField(help_text='at random; A-Z and 0-9 only', max_length=32, unique=True)),
                ('state', models.CharField(choices=[('active', '使えます'), ('revoked', '止めました')], default='active', max_length=8)),
                ('main', models.BooleanField(default=True)),
                ('issued_at', models.DateTimeField()),
                ('issued_by', models.BigIntegerField(null=True)),
                ('printed_at', models.DateTimeField(null=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('revoked_by', models.BigIntegerField(null=True)),
                ('reason', models.CharField(blank=True, choices=[('lost', 'なくした'), ('damaged', 'こわれた・読めない'), ('ended', '登録を終えた'), ('other', 'その他')], max_length=8)),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cards', to='families.household')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.municipality')),
            ],
        ),
        migrations.CreateModel(
            name='HomeChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('changed_on', models.DateField()),
                ('changed_at', models.DateTimeField()),
                ('changed_by', models.BigIntegerField(null=True)),
                ('former_seen_at', models.DateTimeField(null=True)),
                ('new_seen_at', models.DateTimeField(null=True)),
                ('former', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.agency')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='home_changes', to='families.household')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.municipality')),
                ('new', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.agency')),
            ],
        ),
        migrations.CreateModel(
            name='LinkageRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('waiting', '待っています'), ('running', 'さがしています'), ('done', 'おわりました'), ('failed', 'できませんでした')], default='waiting', max_length=8)),
                ('people', models.PositiveIntegerField(default=0)),
                ('households', models.PositiveIntegerField(default=0)),
                ('pairs', models.PositiveIntegerField(default=0, help_text='pairs shown that no earlier run had shown')),
                ('message', models.CharField(blank=True, max_length=200)),
                ('asked_by', models.BigIntegerField(help_text='NULL: by the calendar', null=True)),
                ('created_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.municipality')),
            ],
        ),
        migrations.CreateModel(
            name='CandidatePair',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weight', models.FloatField(help_text='log2 of the odds that they are one, as the model sees it')),
                ('evidence', models.JSONField(default=list, help_text='[{left: person id, right: person id, weight, levels: {comparison: level}}]')),
                ('protected', models.BooleanField(default=False, help_text='one of them is under 支援措置')),
                ('decision', models.CharField(choices=[('open', 'まだ'), ('same', '同じ家庭'), ('different', '別の家庭'), ('later', 'あとで')], default='open', max_length=10)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by', models.BigIntegerField(null=True)),
                ('found_at', models.DateTimeField()),
                ('join', models.ForeignKey(help_text='when decided: same', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='families.householdjoin')),
                ('left', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pairs_left', to='families.household')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.municipality')),
                ('right', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pairs_right', to='families.household')),
                ('run', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='families.linkagerun')),
            ],
        ),
        migrations.CreateModel(
            name='PaperForm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(help_text='what the QR and the line under it say', max_length=16)),
                ('printed_at', models.DateTimeField()),
                ('printed_by', models.BigIntegerField(null=True)),
                ('entered_at', models.DateTimeField(null=True)),
                ('entered_by', models.BigIntegerField(null=True)),
                ('agency', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.agency')),
                ('household', models.ForeignKey(help_text='once typed in', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='paper_forms', to='families.household')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.municipality')),
            ],
        ),
        migrations.CreateModel(
            name='Renewal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fiscal_year', models.PositiveSmallIntegerField(help_text='the year in which it begins', verbose_name='年度')),
                ('document', models.CharField(choices=[('my_number', 'マイナンバーカード'), ('licence', '運転免許証'), ('insurance', '資格確認書など'), ('handbook', '母子健康手帳'), ('passport', 'パスポート・在留カード'), ('known', '顔見知り'), ('other', 'その他')], max_length=10, verbose_name='確認した書類')),
                ('renewed_on', models.DateField(verbose_name='更新日')),
                ('renewed_by', models.BigIntegerField(null=True)),
                ('renewed_at', models.DateTimeField()),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.municipality')),
                ('registration', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='renewals', to='families.registration')),
            ],
        ),
        migrations.AddIndex(
            model_name='benefit',
            index=models.Index(fields=['municipality', 'valid_from'], name='benefit_by_town'),
        ),
        migrations.AddConstraint(
            model_name='benefit',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gte', 1)), name='benefit_quantity'),
        ),
        migrations.AddConstraint(
            model_name='benefit',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='benefit_period'),
        ),
        migrations.AddIndex(
            model_name='benefituse',
            index=models.Index(fields=['household', 'benefit'], name='benefit_use_by_household'),
        ),
        migrations.AddConstraint(
            model_name='benefituse',
            constraint=models.CheckConstraint(condition=models.Q(('count__gte', 1)), name='benefit_use_count'),
        ),
        migrations.AddIndex(
            model_name='card',
            index=models.Index(fields=['household', '-issued_at'], name='card_by_household'),
        ),
        migrations.AddConstraint(
            model_name='card',
            constraint=models.UniqueConstraint(fields=('municipality', 'number'), name='card_number_once'),
        ),
        migrations.AddConstraint(
            model_name='card',
            constraint=models.UniqueConstraint(condition=models.Q(('main', True), ('state', 'active')), fields=('household',), name='card_main'),
        ),
        migrations.AddIndex(
            model_name='homechange',
            index=models.Index(condition=models.Q(('former__isnull', False), ('former_seen_at__isnull', True)), fields=['former', 'changed_at'], name='home_change_former'),
        ),
        migrations.AddIndex(
            model_name='homechange',
            index=models.Index(condition=models.Q(('new__isnull', False), ('new_seen_at__isnull', True)), fields=['new', 'changed_at'], name='home_change_new'),
        ),
        migrations.AddIndex(
            model_name='linkagerun',
            index=models.Index(fields=['municipality', '-created_at'], name='linkage_run_by_time'),
        ),
        migrations.AddIndex(
            model_name='candidatepair',
            index=models.Index(condition=models.Q(('decision__in', ['open', 'later'])), fields=['municipality', '-weight'], name='pair_open'),
        ),
        migrations.AddIndex(
            model_name='candidatepair',
            index=models.Index(fields=['right'], name='pair_right'),
        ),
        migrations.AddConstraint(
            model_name='candidatepair',
            constraint=models.UniqueConstraint(fields=('left', 'right'), name='pair_once'),
        ),
        migrations.AddConstraint(
            model_name='candidatepair',
            constraint=models.CheckConstraint(condition=models.Q(('left__lt', models.F('right'))), name='pair_order'),
        ),
        migrations.AddConstraint(
            model_name='paperform',
            constraint=models.UniqueConstraint(fields=('municipality', 'code'), name='paper_form_code'),
        ),
        migrations.AddConstraint(
            model_name='renewal',
            constraint=models.UniqueConstraint(fields=('registration', 'fiscal_year'), name='renewal_once_a_year'),
        ),
            rls.tenant_parent("families_registration"),
        rls.tenant_parent("families_benefit"),
        rls.tenant_parent("families_linkagerun"),
        rls.tenant_parent("families_householdjoin"),
        rls.tenant_table("families_registrationpolicy"),
        rls.tenant_table("families_renewal", parents={"registration_id": "families_registration"}),
        rls.tenant_table("families_homechange", parents={"household_id": "families_household", "former_id": "places_agency", "new_id": "places_agency"}),
        rls.tenant_table("families_paperform", parents={"household_id": "families_household", "agency_id": "places_agency"}),
        rls.tenant_table("families_card", parents={"household_id": "families_household"}),
        rls.tenant_table("families_benefit"),
        rls.tenant_table("families_benefituse", parents={"household_id": "families_household", "benefit_id": "families_benefit", "person_id": "families_person", "agency_id": "places_agency"}),
        rls.tenant_table("families_linkagerun"),
        rls.tenant_table("families_candidatepair", parents={"left_id": "families_household", "right_id": "families_household", "run_id": "families_linkagerun", "join_id": "families_householdjoin"}),
    ]
