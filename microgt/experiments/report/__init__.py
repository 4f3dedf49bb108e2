"""The report of a sweep: its arms beside the baseline, as markdown with pictures and as one page.

found = compare_arms(results, baseline="none"); write_arms_report(found, Path("reports/ablation.md"), made_by="...")
"""
