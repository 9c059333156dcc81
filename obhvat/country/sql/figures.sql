select
    files.oblast,
    figures.metric,
    figures.name,
    figures.unit,
    figures.kind,
    figures.period,
    figures.definition,
    figures.threshold,
    figures.text,
    figures.value,
    figures.n,
    figures.d,
    figures.why
from country_figures as figures
join country_files as files on files.slice_id = figures.slice_id
join live_slices($dataset, $now) as live on live.slice_id = files.slice_id
where files.month = $month
