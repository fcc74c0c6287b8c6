-- Every random choice is a hash of (seed, purpose, id): the same everywhere, in any order and with any number of
-- threads.
-- No logarithm, power or sine is used after this point: their last digit depends on the machine.
create schema work;
create schema raw;

-- Every planted row: its key now, and the key that it had when it was chosen.
create table work.planted (kind varchar, table_name varchar, row_key varchar, taken_key varchar);

-- From 0 (included) to 1 (excluded). Hashed twice: a hash of several values is nearly an exclusive or of their hashes,
-- so that two purposes would draw the same number but for a constant.
create macro mixed(purpose, id) as hash(hash(getvariable('seed'), purpose, id));
create macro draw(purpose, id) as cast(mixed(purpose, id) >> 11 as double) / 9007199254740992;

-- The same, with small numbers more often than large ones.
create macro draw_low(purpose, id) as draw(purpose, id) * draw(purpose || '.2', id);

-- from 0 (included) to n (excluded)
create macro draw_integer(purpose, id, n) as cast(floor(draw(purpose, id) * n) as bigint);

-- The same as a number of days to add to a date.
create macro draw_days(purpose, id, n) as cast(draw_integer(purpose, id, n) as integer);

create macro chance(purpose, id, probability) as draw(purpose, id) < probability;

create macro pick(items, purpose, id) as list_extract(items, 1 + draw_integer(purpose, id, len(items)));

-- A number of its own for the n-th event of a month.
create macro slot_no(month_index, ordinal) as cast(month_index as bigint) * 100000000 + ordinal;

-- Where customers and leads come from, for a draw between 0 and 1.
create macro channel_at(ordinal) as
    case
        when ordinal < 0.20 then 'organic' when ordinal < 0.38 then 'paid_search' when ordinal < 0.50 then 'outbound'
        when ordinal < 0.62 then 'email' when ordinal < 0.72 then 'event' when ordinal < 0.84 then 'referral'
        when ordinal < 0.92 then 'partner' else 'social'
    end;

create macro money(amount) as cast(round(amount, 2) as decimal(18, 4));

-- Paris is two hours ahead of UTC from the last Sunday of March to the last of October, else one.
create macro last_sunday(last_day_of_month) as last_day_of_month - cast(extract(dow from last_day_of_month) as integer);
create macro hours_ahead_of_utc(day) as
    case
        when day >= last_sunday(make_date(extract(year from day), 3, 31))
            and day < last_sunday(make_date(extract(year from day), 10, 31)) then 2
        else 1
    end;

-- A moment between 08:00 and 18:00 in Paris, in UTC.
create macro business_hours(day, purpose, id) as
    cast(day as timestamp) + to_seconds(28800 + draw_integer(purpose, id, 36000)) - to_hours(hours_ahead_of_utc(day));

-- Nothing was changed after the export was made; the export is made in the evening of the last day.
create macro exported(changed_at) as least(changed_at, cast(getvariable('last_day') as timestamp) + interval 20 hour);

-- Whether a stay or an ownership covers a day; without an end it lasts.
create macro holds_on(day, valid_from, valid_to) as day >= valid_from and (valid_to is null or day < valid_to);

create macro month_of(day) as
    cast((extract(year from day) - 2023) * 12 + extract(month from day) - 1 as integer);

create macro first_names() as [
    'Adèle', 'Antoine', 'Camille', 'Claire', 'David', 'Élodie', 'Emma', 'Éric', 'Fabien', 'Greta', 'Hannah', 'Hugo',
    'Inès', 'Jan', 'Jeanne', 'Jonas', 'Julien', 'Karim', 'Laura', 'Léa', 'Louis', 'Lucas', 'Manon', 'Marie', 'Mathieu',
    'Nadia', 'Nicolas', 'Oliver', 'Paul', 'Pauline', 'Rachid', 'Sarah', 'Sofia', 'Théo', 'Thomas', 'Valentin',
    'William', 'Yasmine'
];
create macro last_names() as [
    'Andrieu', 'Baker', 'Bauer', 'Bernard', 'Bertin', 'Blanc', 'Bonnet', 'Carpentier', 'Colin', 'Cooper', 'Delmas',
    'Dubois', 'Dupuis', 'Faure', 'Fischer', 'Fontaine', 'Garnier', 'Girard', 'Guérin', 'Huber', 'Jacquet', 'Keller',
    'Lambert', 'Leclerc', 'Lefort', 'Marchand', 'Mercier', 'Meyer', 'Moreau', 'Morel', 'Perrin', 'Renard', 'Roche',
    'Roussel', 'Schmitt', 'Taylor', 'Turner', 'Vidal', 'Weber', 'Wagner'
];
-- Letters only, for e-mail addresses.
create macro ascii(name) as strip_accents(lower(name));
