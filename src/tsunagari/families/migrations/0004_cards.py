"""The card number of a household becomes its first 利用カード, with a token at random; the column goes."""

from django.db import migrations, models

# Sixteen signs stand for four random bits each; the digits of a UUID that are not random (version, variant) are left out.
GIVE_CARDS = """
INSERT INTO families_card (municipality_id, household_id, number, token, state, main, issued_at, reason)
SELECT municipality_id, id, card_no,
       translate(substr(hex, 1, 12) || substr(hex, 14, 3) || substr(hex, 18, 11), '0123456789abcdef', '3469CDFHJKMPRTVX'),
       'active', true, issued_at, ''
FROM (SELECT household.id, household.municipality_id, household.card_no,
             replace(gen_random_uuid()::text, '-', '') AS hex,
             coalesce((SELECT min(created_at) FROM families_registration WHERE household_id = household.id),
                      household.created_at) AS issued_at
      FROM families_household AS household WHERE household.card_no IS NOT NULL) AS had
ON CONFLICT DO NOTHING;
SET CONSTRAINTS ALL IMMEDIATE;
"""
TAKE_BACK = """
UPDATE families_household SET card_no = card.number
FROM families_card AS card WHERE card.household_id = families_household.id AND card.main AND card.state = 'active'
"""


class Migration(migrations.Migration):

    dependencies = [
        ('families', '0003_lasting_connection'),
    ]

    operations = [
        migrations.RunSQL(GIVE_CARDS, TAKE_BACK),
        migrations.RemoveConstraint(
            model_name='household',
            name='household_card_no',
        ),
        migrations.RemoveField(
            model_name='household',
            name='card_no',
        ),
        migrations.AddIndex(
            model_name='card',
            index=models.Index(condition=models.Q(('main', True), ('printed_at__isnull', True), ('state', 'active')), fields=['municipality', 'household'], name='card_to_print'),
        ),
    ]
