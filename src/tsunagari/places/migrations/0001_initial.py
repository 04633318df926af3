"""Towns, areas, agencies and what of them changes in time."""

import django.db.models.deletion
from django.db import migrations, models

from tsunagari.base import tables


class Migration(migrations.Migration):

    # The former steps it stands for; a database with only some of them is refused (config/migrating.py).
    replaces = [
        ('places', '0003_lasting_connection'),
        ('places', '0004_site_times'),
    ]

    initial = True

    dependencies = [
    ]

    operations = [tables.CreateModels([
        migrations.CreateModel(
            name='Municipality',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=6, unique=True, verbose_name='全国地方公共団体コード')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('kana', models.CharField(blank=True, max_length=120, verbose_name='ふりがな')),
                ('prefecture', models.CharField(blank=True, max_length=10, verbose_name='都道府県')),
                ('history_scope', models.CharField(choices=[('all', 'すべての機関の利用を見せる'), ('home_and_used', 'かかりつけと、利用のある機関に見せる'), ('own', '自分の機関の利用だけを見せる')], default='home_and_used', max_length=20, verbose_name='ほかの機関の利用')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='開始日')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='終了日')),
            ],
        ),
        migrations.CreateModel(
            name='Agency',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('agency', '相談機関・施設'), ('centre', 'こども家庭センター')], default='agency', max_length=10, verbose_name='区分')),
                ('identifier', models.CharField(help_text="unique in the municipality; from the city's list", max_length=60, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='名称')),
                ('opened_on', models.DateField(blank=True, null=True, verbose_name='開設日')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='廃止日')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.municipality')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'name'], name='agency_by_name')],
                'constraints': [models.UniqueConstraint(fields=('municipality', 'identifier'), name='agency_identifier')],
            },
        ),
        migrations.CreateModel(
            name='Designation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(verbose_name='指定日')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='終了日')),
                ('basis', models.CharField(blank=True, max_length=200, verbose_name='根拠')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='備考')),
                ('end_reason', models.CharField(blank=True, max_length=200, verbose_name='終了の理由')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='designations', to='places.agency')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.municipality')),
            ],
        ),
        migrations.CreateModel(
            name='Area',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('school', '中学校区'), ('nurse', '地区担当'), ('other', 'その他')], default='school', max_length=10, verbose_name='種類')),
                ('code', models.CharField(max_length=60, verbose_name='区域コード')),
                ('name', models.CharField(max_length=80, verbose_name='区域名')),
                ('polygon', models.JSONField(blank=True, help_text='GeoJSON Polygon or MultiPolygon, WGS84', null=True, verbose_name='区域の形')),
                ('min_lon', models.FloatField(null=True)),
                ('min_lat', models.FloatField(null=True)),
                ('max_lon', models.FloatField(null=True)),
                ('max_lat', models.FloatField(null=True)),
                ('valid_from', models.DateField(verbose_name='開始日')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='終了日')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.municipality')),
            ],
            options={
                'indexes': [models.Index(fields=['municipality', 'kind', 'min_lat', 'min_lon'], name='area_box')],
                'constraints': [models.UniqueConstraint(fields=('municipality', 'kind', 'code', 'valid_from'), name='area_code_period')],
            },
        ),
        migrations.CreateModel(
            name='AgencyPeriod',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(verbose_name='開始日')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='終了日')),
                ('name', models.CharField(max_length=120, verbose_name='名称')),
                ('kana', models.CharField(blank=True, max_length=200, verbose_name='名称（カナ）')),
                ('operator_kind', models.CharField(blank=True, choices=[('1', '自治体（直営）'), ('2', '社会福祉協議会'), ('3', '社会福祉法人（社会福祉協議会を除く）'), ('4', '学校法人'), ('5', 'NPO法人'), ('6', '任意団体'), ('7', 'その他')], max_length=2, verbose_name='運営主体')),
                ('operator_name', models.CharField(blank=True, max_length=120, verbose_name='運営者')),
                ('operator_number', models.CharField(blank=True, max_length=13, verbose_name='法人番号')),
                ('place_kind', models.CharField(blank=True, choices=[('1', '市役所、役場等'), ('2', '保健（福祉）センター'), ('3', '児童館'), ('4', '公共施設・公民館'), ('5', '保育所'), ('6', '認定こども園'), ('7', '幼稚園'), ('8', 'ビル・商業施設・空き店舗等'), ('9', '専用施設'), ('10', 'その他'), ('11', '大学'), ('12', '医療機関'), ('13', '商業施設')], max_length=2, verbose_name='場所の種類')),
                ('facility_type', models.CharField(blank=True, help_text="as the city's list says it", max_length=60, verbose_name='種別')),
                ('ages', models.JSONField(blank=True, default=list, help_text='codes of rules.ACCEPTED_AGES', verbose_name='対象')),
                ('ages_note', models.CharField(blank=True, max_length=120, verbose_name='受入年齢')),
                ('programmes', models.JSONField(blank=True, default=list, help_text='codes of rules.PROGRAMMES', verbose_name='事業')),
                ('postal_code', models.CharField(blank=True, max_length=7, verbose_name='郵便番号')),
                ('address', models.CharField(blank=True, max_length=200, verbose_name='所在地')),
                ('address_detail', models.CharField(blank=True, max_length=120, verbose_name='建物名等')),
                ('latitude', models.FloatField(blank=True, null=True, verbose_name='緯度')),
                ('longitude', models.FloatField(blank=True, null=True, verbose_name='経度')),
                ('phone', models.CharField(blank=True, max_length=60, verbose_name='電話番号')),
                ('fax', models.CharField(blank=True, max_length=30, verbose_name='FAX番号')),
                ('email', models.CharField(blank=True, max_length=120, verbose_name='メールアドレス')),
                ('url', models.CharField(blank=True, max_length=300, verbose_name='URL')),
                ('channels', models.JSONField(blank=True, default=list, help_text='list of {kind, value, hours}; kinds in rules.CHANNELS', verbose_name='連絡方法')),
                ('hours_note', models.TextField(blank=True, verbose_name='利用日時の特記')),
                ('capacity', models.PositiveIntegerField(blank=True, null=True, verbose_name='定員')),
                ('private_room', models.BooleanField(blank=True, null=True, verbose_name='個室での相談')),
                ('parking', models.CharField(blank=True, max_length=200, verbose_name='駐車場')),
                ('access', models.CharField(blank=True, max_length=300, verbose_name='行き方')),
                ('languages', models.JSONField(blank=True, default=list, help_text='ISO 639-1 codes', verbose_name='対応する言語')),
                ('temporary_care', models.BooleanField(blank=True, null=True, verbose_name='一時預かり')),
                ('note', models.TextField(blank=True, verbose_name='備考')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='periods', to='places.agency')),
                ('area', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.area')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.municipality')),
            ],
            options={
                'indexes': [models.Index(fields=['agency', 'valid_from'], name='period_by_agency')],
            },
        ),
        migrations.CreateModel(
            name='OpeningException',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_day', models.DateField(verbose_name='はじめの日')),
                ('last_day', models.DateField(verbose_name='おわりの日')),
                ('opens', models.TimeField(blank=True, help_text='NULL: closed all day', null=True, verbose_name='開所')),
                ('closes', models.TimeField(blank=True, null=True, verbose_name='閉所')),
                ('reason', models.CharField(blank=True, max_length=120, verbose_name='理由')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exceptions', to='places.agency')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.municipality')),
            ],
            options={
                'indexes': [models.Index(fields=['agency', 'first_day'], name='exception_by_agency')],
                'constraints': [models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='exception_period')],
            },
        ),
        migrations.CreateModel(
            name='OpeningHour',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('open', '開所'), ('consult', '相談'), ('phone', '電話'), ('mail', 'メール'), ('online', 'オンライン')], default='open', max_length=10)),
                ('weekday', models.PositiveSmallIntegerField()),
                ('opens', models.TimeField()),
                ('closes', models.TimeField()),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.municipality')),
                ('period', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hours', to='places.agencyperiod')),
            ],
            options={
                'indexes': [models.Index(fields=['period', 'kind', 'weekday'], name='hours_by_period')],
                'constraints': [models.CheckConstraint(condition=models.Q(('weekday__lte', 7)), name='hours_weekday')],
            },
        ),
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
            options={
                'indexes': [models.Index(fields=['agency', 'valid_from'], name='site_by_agency')],
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='site_period')],
            },
        ),
        migrations.CreateModel(
            name='SiteTime',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weekday', models.PositiveSmallIntegerField(blank=True, help_text='0 is Monday', null=True, verbose_name='曜日')),
                ('weeks', models.JSONField(blank=True, default=list, help_text='[1, 3], 9 is the last; empty: every week', verbose_name='第何週')),
                ('day', models.DateField(blank=True, null=True, verbose_name='日')),
                ('opens', models.TimeField(verbose_name='開始')),
                ('closes', models.TimeField(verbose_name='終了')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.municipality')),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='times', to='places.site')),
                ('valid_from', models.DateField(blank=True, help_text='NULL: since the site began', null=True, verbose_name='開始日')),
                ('valid_to', models.DateField(blank=True, help_text='NULL: as long as the site', null=True, verbose_name='終了日')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'weekday'], name='site_time_by_site')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('day__isnull', False), ('weekday__isnull', True)), models.Q(('day__isnull', True), ('weekday__lte', 6)), _connector='OR'), name='site_time_weekday_or_day'), models.CheckConstraint(condition=models.Q(('closes__gt', models.F('opens'))), name='site_time_order')],
            },
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
            options={
                'constraints': [models.UniqueConstraint(fields=('agency', 'starts'), name='slot_once')],
            },
        ),
    ])]
