-- Regional holidays name a region of a team; those that every region has name none.
create table raw.holidays as
with days (holiday_date, holiday_name, area) as (
    values
        (date '2023-01-01', 'Jour de l''an', 'all'), (date '2024-01-01', 'Jour de l''an', 'all'),
        (date '2025-01-01', 'Jour de l''an', 'all'),
        (date '2023-04-10', 'Lundi de Pâques', 'all'), (date '2024-04-01', 'Lundi de Pâques', 'all'),
        (date '2025-04-21', 'Lundi de Pâques', 'all'),
        (date '2023-12-25', 'Noël', 'all'), (date '2024-12-25', 'Noël', 'all'), (date '2025-12-25', 'Noël', 'all'),
        (date '2023-05-01', 'Fête du travail', 'france'), (date '2024-05-01', 'Fête du travail', 'france'),
        (date '2025-05-01', 'Fête du travail', 'france'),
        (date '2023-05-08', 'Victoire 1945', 'france'), (date '2024-05-08', 'Victoire 1945', 'france'),
        (date '2025-05-08', 'Victoire 1945', 'france'),
        (date '2023-05-18', 'Ascension', 'france'), (date '2024-05-09', 'Ascension', 'france'),
        (date '2025-05-29', 'Ascension', 'france'),
        (date '2023-05-29', 'Lundi de Pentecôte', 'france'), (date '2024-05-20', 'Lundi de Pentecôte', 'france'),
        (date '2025-06-09', 'Lundi de Pentecôte', 'france'),
        (date '2023-07-14', 'Fête nationale', 'france'), (date '2024-07-14', 'Fête nationale', 'france'),
        (date '2025-07-14', 'Fête nationale', 'france'),
        (date '2023-08-15', 'Assomption', 'france'), (date '2024-08-15', 'Assomption', 'france'),
        (date '2025-08-15', 'Assomption', 'france'),
        (date '2023-11-01', 'Toussaint', 'france'), (date '2024-11-01', 'Toussaint', 'france'),
        (date '2025-11-01', 'Toussaint', 'france'),
        (date '2023-11-11', 'Armistice', 'france'), (date '2024-11-11', 'Armistice', 'france'),
        (date '2025-11-11', 'Armistice', 'france'),
        (date '2023-04-07', 'Karfreitag', 'DACH'), (date '2024-03-29', 'Karfreitag', 'DACH'),
        (date '2025-04-18', 'Karfreitag', 'DACH'),
        (date '2023-05-01', 'Tag der Arbeit', 'DACH'), (date '2024-05-01', 'Tag der Arbeit', 'DACH'),
        (date '2025-05-01', 'Tag der Arbeit', 'DACH'),
        (date '2023-05-18', 'Christi Himmelfahrt', 'DACH'), (date '2024-05-09', 'Christi Himmelfahrt', 'DACH'),
        (date '2025-05-29', 'Christi Himmelfahrt', 'DACH'),
        (date '2023-10-03', 'Tag der Deutschen Einheit', 'DACH'),
        (date '2024-10-03', 'Tag der Deutschen Einheit', 'DACH'),
        (date '2025-10-03', 'Tag der Deutschen Einheit', 'DACH'),
        (date '2023-12-26', 'Stephanstag', 'DACH'), (date '2024-12-26', 'Stephanstag', 'DACH'),
        (date '2025-12-26', 'Stephanstag', 'DACH'),
        (date '2023-04-07', 'Good Friday', 'UK'), (date '2024-03-29', 'Good Friday', 'UK'),
        (date '2025-04-18', 'Good Friday', 'UK'),
        (date '2023-05-01', 'Early May bank holiday', 'UK'), (date '2024-05-06', 'Early May bank holiday', 'UK'),
        (date '2025-05-05', 'Early May bank holiday', 'UK'),
        (date '2023-05-29', 'Spring bank holiday', 'UK'), (date '2024-05-27', 'Spring bank holiday', 'UK'),
        (date '2025-05-26', 'Spring bank holiday', 'UK'),
        (date '2023-08-28', 'Summer bank holiday', 'UK'), (date '2024-08-26', 'Summer bank holiday', 'UK'),
        (date '2025-08-25', 'Summer bank holiday', 'UK'),
        (date '2023-12-26', 'Boxing Day', 'UK'), (date '2024-12-26', 'Boxing Day', 'UK'),
        (date '2025-12-26', 'Boxing Day', 'UK')
),

regions (area, region) as (
    values
        ('all', null), ('france', 'Île-de-France'), ('france', 'Nord'), ('france', 'Sud'),
        ('DACH', 'DACH'), ('UK', 'UK')
)

select days.holiday_date, regions.region, days.holiday_name, cast(null as varchar) as _plant
from days
inner join regions on days.area = regions.area;
