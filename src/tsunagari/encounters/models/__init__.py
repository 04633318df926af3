"""Visits and consultations: what happened between a family and an agency, how it is kept and followed.

Rows carry municipality_id for row-level security. A visit or record without household is an anonymous one.
"""

from tsunagari.encounters.models.charts import (
    Chart,
    ChartEntry,
    ChartHandover,
    ChartQuerySet,
    ChartRevision,
)
from tsunagari.encounters.models.circulation import (
    CirculationRule,
    RecordComment,
    Seal,
)
from tsunagari.encounters.models.drafts import (
    Draft,
    DraftQuerySet,
)
from tsunagari.encounters.models.guide import (
    GuideBook,
    GuideEntry,
    OfficialFormer,
    OfficialItem,
    OfficialMapping,
    OfficialTable,
    Partner,
    SubCategory,
)
from tsunagari.encounters.models.keeping import (
    Attachment,
    AttachmentContent,
    AttachmentQuerySet,
    GroupTalk,
    KeepingPolicy,
    RecordKeeping,
    RecordMark,
    RecordSheet,
    Snippet,
    Style,
)
from tsunagari.encounters.models.plans import (
    Assessment,
    AssessmentTool,
    OfFamilyQuerySet,
    PlanAction,
    PlanVersion,
    SupportPlan,
)
from tsunagari.encounters.models.records import (
    Channel,
    Consent,
    Consultation,
    ConsultationPerson,
    ConsultationQuerySet,
    ConsultationRead,
    ConsultationRevision,
    Kind,
    Sight,
)
from tsunagari.encounters.models.visits import (
    KioskScan,
    KioskScanQuerySet,
    Tally,
    Visit,
    VisitPerson,
)
from tsunagari.encounters.models.words import RecordWords

__all__ = [
    "Assessment",
    "AssessmentTool",
    "Attachment",
    "AttachmentContent",
    "AttachmentQuerySet",
    "Channel",
    "Chart",
    "ChartEntry",
    "ChartHandover",
    "ChartQuerySet",
    "ChartRevision",
    "CirculationRule",
    "Consent",
    "Consultation",
    "ConsultationPerson",
    "ConsultationQuerySet",
    "ConsultationRead",
    "ConsultationRevision",
    "Draft",
    "DraftQuerySet",
    "GroupTalk",
    "GuideBook",
    "GuideEntry",
    "KeepingPolicy",
    "Kind",
    "KioskScan",
    "KioskScanQuerySet",
    "OfFamilyQuerySet",
    "OfficialFormer",
    "OfficialItem",
    "OfficialMapping",
    "OfficialTable",
    "Partner",
    "PlanAction",
    "PlanVersion",
    "RecordComment",
    "RecordKeeping",
    "RecordMark",
    "RecordSheet",
    "RecordWords",
    "Seal",
    "Sight",
    "Snippet",
    "Style",
    "SubCategory",
    "SupportPlan",
    "Tally",
    "Visit",
    "VisitPerson",
]
