"""People, where they work, tablets, qualifications and training."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from tsunagari.base import tables


class Migration(migrations.Migration):

    # The former steps it stands for; a database with only some of them is refused (config/migrating.py).
    replaces = [
        ('accounts', '0003_lasting_connection'),
        ('accounts', '0004_kiosk'),
        ('accounts', '0005_records_people_trust'),
        ('accounts', '0006_skill_walls'),
        ('accounts', '0007_skills'),
    ]

    initial = True

    dependencies = [
        ('places', '0001_initial'),
    ]

    operations = [tables.CreateModels([
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('username', models.CharField(max_length=64, unique=True, verbose_name='ログイン名')),
                ('name', models.CharField(max_length=80, verbose_name='氏名')),
                ('kana', models.CharField(blank=True, max_length=80, verbose_name='ふりがな')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='メールアドレス')),
                ('is_active', models.BooleanField(default=True)),
                ('must_change_password', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('counselor', '相談員'), ('manager', '施設長'), ('rounds', '巡回支援員'), ('nurse', 'センター保健師'), ('lead', '統括支援員'), ('officer', '自治体担当'), ('auditor', '監査')], max_length=20, verbose_name='役割')),
                ('valid_from', models.DateField(verbose_name='開始日')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='終了日')),
                ('agency', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.agency')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.municipality')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['user', 'valid_from'], name='membership_by_user')],
                'constraints': [models.CheckConstraint(condition=models.Q(('agency__isnull', False), ('role__in', ['officer', 'auditor']), _connector='OR'), name='membership_has_agency'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='membership_period'), models.CheckConstraint(condition=models.Q(('role', 'kiosk'), _negated=True), name='membership_of_a_person')],
            },
        ),
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
                ('wrong_count', models.PositiveSmallIntegerField(default=0, help_text='card numbers that no card has')),
                ('wrong_since', models.DateTimeField(help_text='when counting them began', null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['agency', '-unlocked_at'], name='device_by_agency')],
            },
        ),
        migrations.CreateModel(
            name='Course',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='研修')),
                ('roles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list, help_text='roles that must have it', size=None, verbose_name='受ける人')),
                ('lasts_years', models.PositiveSmallIntegerField(blank=True, help_text='NULL: once', null=True, verbose_name='何年ごと')),
                ('within_months', models.PositiveSmallIntegerField(blank=True, help_text='NULL: no date is due', null=True, verbose_name='着任から何か月以内')),
                ('hours', models.DecimalField(blank=True, decimal_places=1, max_digits=5, null=True, verbose_name='時間')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('ended_on', models.DateField(blank=True, null=True)),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.municipality')),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_on__isnull', True)), fields=('municipality', 'name'), name='course_once')],
            },
        ),
        migrations.CreateModel(
            name='Qualification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='資格')),
                ('obtained_on', models.DateField(blank=True, null=True, verbose_name='取得日')),
                ('expires_on', models.DateField(blank=True, null=True, verbose_name='期限')),
                ('seen_on', models.DateField(blank=True, null=True, verbose_name='証書を確かめた日')),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField()),
                ('created_by', models.BigIntegerField(null=True)),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.municipality')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='qualifications', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['user'], name='qualification_of_user')],
            },
        ),
        migrations.CreateModel(
            name='Supervision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('supervisor', models.CharField(max_length=80, verbose_name='スーパーバイザー')),
                ('held_on', models.DateField(verbose_name='日')),
                ('theme', models.CharField(help_text='names no family', max_length=200, verbose_name='テーマ')),
                ('learned', models.TextField(blank=True, verbose_name='気づき・次にすること')),
                ('next_on', models.DateField(blank=True, null=True, verbose_name='次回')),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField()),
                ('created_by', models.BigIntegerField(null=True)),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.municipality')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='supervisions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['user', '-held_on'], name='supervision_of_user')],
            },
        ),
        migrations.CreateModel(
            name='Training',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('taken_on', models.DateField(verbose_name='受けた日')),
                ('hours', models.DecimalField(blank=True, decimal_places=1, max_digits=5, null=True, verbose_name='時間')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='メモ')),
                ('ended_at', models.DateTimeField(blank=True, help_text='put in by mistake', null=True)),
                ('created_at', models.DateTimeField()),
                ('created_by', models.BigIntegerField(null=True)),
                ('course', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.course')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.municipality')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='trainings', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['user', '-taken_on'], name='training_of_user')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('user', 'course', 'taken_on'), name='training_once')],
            },
        ),
    ])]
