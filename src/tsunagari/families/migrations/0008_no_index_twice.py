"""A relation whose column leads an index already has no index of its own: every save paid for both."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("families", "0007_no_town_only_indexes"),
        ("places", "0004_site_times"),
    ]

    operations = [
        migrations.AlterField(
            model_name="agencylink",
            name="agency",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="places.agency",
            ),
        ),
        migrations.AlterField(
            model_name="agencylink",
            name="household",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="links",
                to="families.household",
            ),
        ),
        migrations.AlterField(
            model_name="benefituse",
            name="household",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="benefit_uses",
                to="families.household",
            ),
        ),
        migrations.AlterField(
            model_name="candidatepair",
            name="left",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="pairs_left",
                to="families.household",
            ),
        ),
        migrations.AlterField(
            model_name="candidatepair",
            name="right",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="pairs_right",
                to="families.household",
            ),
        ),
        # Django drops every index of the column alone, also the constraint's.
        migrations.RemoveConstraint(model_name="card", name="card_main"),
        migrations.AlterField(
            model_name="card",
            name="household",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cards",
                to="families.household",
            ),
        ),
        migrations.AddConstraint(
            model_name="card",
            constraint=models.UniqueConstraint(
                fields=["household"], name="card_main", condition=models.Q(main=True, state="active")
            ),
        ),
        migrations.AlterField(
            model_name="registration",
            name="household",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="registrations",
                to="families.household",
            ),
        ),
    ]
