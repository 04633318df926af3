from django.urls import path

from tsunagari.encounters.views import assessments, plan_paper, plan_steps, plans, tools

urlpatterns = [
    path("tools/", tools.tools, name="tools"),
    path("tools/begin/", tools.tool_begin, name="tool_begin"),
    path("tools/<int:tool_id>/", tools.tool, name="tool"),
    path("tools/<int:tool_id>/edit/", tools.tool_edit, name="tool_edit"),
    path("tools/<int:tool_id>/start/", tools.tool_start, name="tool_start"),
    path("tools/<int:tool_id>/stop/", tools.tool_stop, name="tool_stop"),
    path("tools/<int:tool_id>/blank.pdf", tools.tool_pdf, name="tool_pdf"),
    path("families/<int:household_id>/assessments/", assessments.assessments, name="assessments"),
    path(
        "families/<int:household_id>/assessments/picture.svg",
        assessments.assessment_picture,
        name="assessment_picture",
    ),
    path(
        "families/<int:household_id>/assessments/results.pdf",
        assessments.assessments_pdf,
        name="assessments_pdf",
    ),
    path("families/<int:household_id>/assessments/new/", assessments.assessment_new, name="assessment_new"),
    path("assessments/drafts/<int:assess_draft_id>/", assessments.assessment_draft, name="assessment_draft"),
    path("assessments/<int:assessment_id>/", assessments.assessment, name="assessment"),
    path(
        "assessments/<int:assessment_id>/replace/",
        assessments.assessment_replace,
        name="assessment_replace",
    ),
    path("families/<int:household_id>/plans/", plans.plans, name="plans"),
    path("families/<int:household_id>/plans/new/", plans.plan_new, name="plan_new"),
    path("plans/drafts/<int:plan_draft_id>/", plans.plan_draft, name="plan_draft"),
    path("plans/ends/<int:end_draft_id>/", plan_steps.plan_end_draft, name="plan_end_draft"),
    path("plans/blank.pdf", plan_paper.plan_blank_pdf, name="plan_blank_pdf"),
    path("plans/actions/<int:plan_action_id>/", plan_steps.plan_action, name="plan_action"),
    path("plans/<int:plan_id>/", plans.plan, name="plan"),
    path("plans/<int:plan_id>/next/", plans.plan_next, name="plan_next"),
    path("plans/<int:plan_id>/versions/", plans.plan_versions, name="plan_versions"),
    path("plans/<int:plan_id>/review/", plans.plan_review, name="plan_review"),
    path("plans/<int:plan_id>/actions/new/", plan_steps.plan_action_new, name="plan_action_new"),
    path("plans/<int:plan_id>/end/", plan_steps.plan_end, name="plan_end"),
    path("plans/<int:plan_id>/plan.pdf", plan_paper.plan_pdf, name="plan_pdf"),
    path("plans/<int:plan_id>/family.pdf", plan_paper.plan_family_pdf, name="plan_family_pdf"),
]
