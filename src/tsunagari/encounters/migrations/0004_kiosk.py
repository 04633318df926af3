import django.db.models.deletion
from django.db import migrations, models

REASONS = [
    ("unknown", "知らないカード"),
    ("stopped", "止めたカード"),
    ("newcomer", "はじめて来た人"),
    ("moved", "転出・終了の家庭"),
    ("late", "1日よりあとに届いた受付"),
    ("refused", "受け付けられなかった読み取り"),
]
OUTCOMES = [
    ("family", "家庭に結びました"),
    ("counted", "人数だけ数えました"),
    ("seen", "確かめました"),
    ("dismissed", "消しました"),
]


class Migration(migrations.Migration):
    dependencies = [("encounters", "0003_lasting_connection"), ("families", "0003_lasting_connection")]

    operations = [
        migrations.AddField(
            "kioskscan", "reason", models.CharField(choices=REASONS, default="unknown", max_length=8)
        ),
        migrations.AddField(
            "kioskscan", "outcome", models.CharField(blank=True, choices=OUTCOMES, default="", max_length=9),
            preserve_default=False,
        ),
        migrations.AddField(
            "kioskscan", "note", models.CharField(blank=True, default="", max_length=120, verbose_name="理由"),
            preserve_default=False,
        ),
        migrations.AddField(
            "kioskscan",
            "card",
            models.ForeignKey(
                help_text="a stopped card",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="families.card",
            ),
        ),
        migrations.RunSQL(
            [
                "ALTER TABLE families_card ADD CONSTRAINT families_card_id_town UNIQUE (id, municipality_id)",
                "ALTER TABLE encounters_kioskscan ADD CONSTRAINT encounters_kioskscan_card_id_same_town "
                "FOREIGN KEY (card_id, municipality_id) REFERENCES families_card (id, municipality_id) "
                "DEFERRABLE INITIALLY DEFERRED",
            ],
            migrations.RunSQL.noop,
        ),
    ]
