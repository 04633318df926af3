"""Why a registration ended, as a code beside the words. Ends written before keep their words alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("families", "0004_cards")]
    operations = [
        migrations.AddField(
            model_name="registration",
            name="end_code",
            field=models.CharField(
                blank=True,
                choices=[
                    ("moved", "転居した"),
                    ("grown_out", "大きくなった"),
                    ("wish", "家庭の希望"),
                    ("mistake", "登録のまちがい"),
                    ("other", "そのほか"),
                ],
                default="",
                max_length=10,
                verbose_name="終了の理由",
            ),
        ),
        migrations.AlterField(
            model_name="registration",
            name="end_reason",
            field=models.CharField(
                blank=True,
                help_text="the code in words, and what was added to it",
                max_length=80,
                verbose_name="終了の理由のことば",
            ),
        ),
    ]
