"""Addresses of vacancies, applications, profiles, matches, guidance and impact: the pages around finding work and people."""

from __future__ import annotations

from django.urls import path

from leye.site.analyst import (
    impact,
    impact_reviews,
    occupations,
)
from leye.site.auditor import matches as fair_matches
from leye.site.desk import applications as desk_applications
from leye.site.desk import campaigns as desk_campaigns
from leye.site.desk import matches as desk_matches
from leye.site.firm import applications as firm_applications
from leye.site.firm import candidates, post, vacancies
from leye.site.me import applications as my_applications
from leye.site.me import matches as my_matches
from leye.site.me import moves as my_moves
from leye.site.me import profile as my_profile
from leye.site.me import resume as my_resume
from leye.site.me import searches as my_searches
from leye.site.open import courses, jobs
from leye.site.open import impact as open_impact

urlpatterns = [
    path("fairness/matches", fair_matches.match_audit, name="match-audit"),
    path("fairness/matches/<slug:table>.csv", fair_matches.match_audit_csv, name="match-audit-csv"),
    path("post", post.post, name="post"),
    path("post/check", post.check, name="post-check"),
    path("vacancies", vacancies.vacancies, name="vacancies"),
    path("vacancies.csv", vacancies.vacancies_csv, name="vacancies-csv"),
    path("vacancies/<uuid:vacancy_id>", vacancies.vacancy, name="vacancy"),
    path("vacancies/<uuid:vacancy_id>/edit", post.edit, name="vacancy-edit"),
    path("vacancies/<uuid:vacancy_id>/save", post.save_version, name="vacancy-save"),
    path("vacancies/<uuid:vacancy_id>/candidates", candidates.candidates, name="candidates"),
    path("vacancies/<uuid:vacancy_id>/candidates.csv", candidates.candidates_csv, name="candidates-csv"),
    path("vacancies/<uuid:vacancy_id>/candidates/<uuid:candidate_id>/invite", candidates.invite, name="candidate-invite"),
    path("vacancies/<uuid:vacancy_id>/do/<slug:verb>", vacancies.step, name="vacancy-step"),
    path("firm/applications", firm_applications.applications, name="firm-applications"),
    path("firm/applications.csv", firm_applications.applications_csv, name="firm-applications-csv"),
    path("firm/applications/<uuid:application_id>", firm_applications.application, name="firm-application"),
    path("firm/applications/<uuid:application_id>/<slug:verb>", firm_applications.step, name="firm-application-step"),
    path("my/applications", my_applications.applications, name="my-applications"),
    path("my/applications.csv", my_applications.applications_csv, name="my-applications-csv"),
    path("my/applications/apply", my_applications.apply, name="my-application-apply"),
    path("my/applications/<uuid:application_id>", my_applications.application, name="my-application"),
    path("my/applications/<uuid:application_id>/<slug:verb>", my_applications.step, name="my-application-step"),
    path("applications", desk_applications.applications, name="desk-applications"),
    path("applications.csv", desk_applications.applications_csv, name="desk-applications-csv"),
    path("applications/send", desk_applications.send, name="desk-application-send"),
    path("applications/<uuid:application_id>", desk_applications.application, name="desk-application"),
    path("applications/<uuid:application_id>/<slug:verb>", desk_applications.step, name="desk-application-step"),
    path("campaigns", desk_campaigns.campaigns, name="campaigns"),
    path("campaigns.csv", desk_campaigns.campaigns_csv, name="campaigns-csv"),
    path("campaigns/new", desk_campaigns.new, name="campaign-new"),
    path("campaigns/<uuid:campaign_id>", desk_campaigns.campaign, name="fair"),
    path("campaigns/<uuid:campaign_id>/account.csv", desk_campaigns.account_csv, name="campaign-account-csv"),
    path("campaigns/<uuid:campaign_id>/invitations.csv", desk_campaigns.invitations_csv, name="campaign-invitations-csv"),
    path("campaigns/<uuid:campaign_id>/pick", desk_campaigns.pick, name="campaign-pick"),
    path("campaigns/<uuid:campaign_id>/unpick", desk_campaigns.unpick, name="campaign-unpick"),
    path("campaigns/<uuid:campaign_id>/sign", desk_campaigns.sign, name="fair-sign"),
    path("campaigns/<uuid:campaign_id>/withdraw", desk_campaigns.withdraw, name="campaign-withdraw"),
    path("campaigns/<uuid:campaign_id>/invitations/<uuid:invitation_id>/send", desk_campaigns.send, name="fair-send"),
    path("campaigns/<uuid:campaign_id>/invitations/<uuid:invitation_id>/drop", desk_campaigns.drop, name="campaign-drop"),
    path("campaigns/<uuid:campaign_id>/invitations/<uuid:invitation_id>/restore", desk_campaigns.restore, name="campaign-restore"),
    path("my/profile", my_profile.profile, name="my-profile"),
    path("my/profile.csv", my_profile.profile_csv, name="my-profile-csv"),
    path("my/profile/save", my_profile.save, name="my-profile-save"),
    path("my/profile/share", my_profile.share, name="my-profile-share"),
    path("my/profile/restore/<int:number>", my_profile.restore, name="my-profile-restore"),
    path("my/profile/withdraw", my_profile.withdraw, name="my-profile-withdraw"),
    path("my/profile/delete", my_profile.delete, name="my-profile-delete"),
    path("my/resume", my_resume.resumes, name="my-resume"),
    path("my/resume/hand-in", my_resume.hand_in, name="my-resume-hand-in"),
    path("my/resume/<uuid:resume_id>", my_resume.read, name="my-resume-read"),
    path("my/resume/<uuid:resume_id>/confirm", my_resume.confirm, name="my-resume-confirm"),
    path("people/<slug:person_id>/profile", my_profile.of_person, name="person-profile"),
    path("people/<slug:person_id>/profile/attest", my_profile.attest, name="person-profile-attest"),
    path("occupations", occupations.occupations_page, name="occupations"),
    path("occupations/queue", occupations.queue_page, name="occupations-queue"),
    path("occupations/new", occupations.newcomers_page, name="occupations-new"),
    path("occupations/correct", occupations.correct, name="occupation-correct"),
    path("occupations/new/decide", occupations.decide, name="newcomer-decide"),
    path("occupations/corrections/<uuid:correction_id>/undo", occupations.undo, name="correction-undo"),
    path("occupations-<slug:table>.csv", occupations.occupations_csv, name="occupations-csv"),
    path("jobs", jobs.jobs, name="jobs"),
    path("jobs/all.csv", jobs.jobs_csv, name="jobs-csv"),
    path("jobs/<str:job_id>", jobs.job, name="job"),
    path("my/searches", my_searches.searches, name="my-searches"),
    path("my/searches.csv", my_searches.searches_csv, name="my-searches-csv"),
    path("my/searches/keep", my_searches.keep, name="search-keep"),
    path("my/searches/<uuid:search_id>/open", my_searches.open_search, name="search-open"),
    path("my/searches/<uuid:search_id>/change", my_searches.change, name="search-change"),
    path("my/searches/<uuid:search_id>/delete", my_searches.delete, name="search-delete"),
    path("my/searches/<uuid:search_id>/back", my_searches.bring_back, name="search-back"),
    path("my/matches/<str:job_id>/apply", my_matches.apply_to, name="job-apply"),
    path("my/matches", my_matches.matches, name="my-matches"),
    path("my/matches/now", my_matches.match_now, name="match-now"),
    path("my/matches.csv", my_matches.matches_csv, name="my-matches-csv"),
    path("my/matches/<str:job_id>/say", my_matches.say_of, name="match-say"),
    path("my/matches/<str:job_id>/undo", my_matches.undo, name="match-undo"),
    path("people/<str:person_id>/matches", desk_matches.person_matches, name="person-matches"),
    path("people/<str:person_id>/matches/answer", desk_matches.answer, name="person-match-answer"),
    path("people/<str:person_id>/matches/<str:job_id>/recommend", desk_matches.recommend, name="person-match-recommend"),
    path("thin-vacancies", desk_matches.thin, name="thin-vacancies"),
    path("thin-vacancies.csv", desk_matches.thin_csv, name="thin-vacancies-csv"),
    path("impact", impact.impact, name="impact"),
    path("impact.csv", impact.impact_csv, name="impact-csv"),
    path("impact/adoption", impact.adoption, name="impact-adoption"),
    path("impact/reviews", impact_reviews.reviews, name="impact-reviews"),
    path("impact/reviews.csv", impact_reviews.reviews_csv, name="impact-reviews-csv"),
    path("impact/reviews/<uuid:review_id>", impact_reviews.review, name="impact-review"),
    path("impact/reviews/<uuid:review_id>/sign", impact_reviews.sign, name="impact-review-sign"),
    path("impact/reviews/<uuid:review_id>/withdraw", impact_reviews.withdraw, name="impact-review-withdraw"),
    path("impact/reviews/<uuid:review_id>/follow", impact_reviews.follow, name="impact-review-follow"),
    path("impact/reviews/<uuid:review_id>/receipt", impact_reviews.receipt, name="impact-review-receipt"),
    path("impact/reviews/<uuid:review_id>.docx", impact_reviews.paper, name="impact-review-paper"),
    path("insight/impact", open_impact.insight, name="insight-impact"),
    path("insight/impact.csv", open_impact.insight_csv, name="insight-impact-csv"),
    path("moves", my_moves.moves, name="moves"),
    path("moves.csv", my_moves.moves_csv, name="moves-csv"),
    path("moves/own", my_moves.own, name="moves-own"),
    path("skills-radar", my_moves.radar, name="skills-radar"),
    path("skills-radar.csv", my_moves.radar_csv, name="skills-radar-csv"),
    path("courses", courses.courses, name="courses"),
    path("courses/all.csv", courses.courses_csv, name="courses-csv"),
]
