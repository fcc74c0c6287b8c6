-- What the warehouse must do with each kind of planted row, in words.
create table work.expectations (kind varchar, expected varchar);
insert into work.expectations values
('before_1970', 'quarantined'),
('blank_in_a_number', 'quarantined: a blank inside a number is not read'),
('blank_text', 'kept: text of blanks is NULL'),
('blanks_around_a_number', 'kept: blanks around a number are ignored'),
('converted_before_created', 'kept and flagged; this conversion date does not count'),
('currency_without_rate', 'kept: the converted amount is NULL and the row is flagged is_fx_missing'),
('date_for_a_timestamp', 'kept: midnight in the reporting time zone of that day'),
('decimal_comma', 'quarantined'),
('deleted_only_version', 'the key is deleted'),
('fraction_of_an_integer', 'quarantined'),
('french_date', 'quarantined'),
('french_timestamp', 'quarantined'),
('impossible_date', 'quarantined'),
('impossible_date_in_key', 'quarantined, without taking part in the choice of versions'),
('impossible_hour', 'quarantined'),
('last_second_of_month', 'kept: 23:59:59 in Paris on 2024-06-30'),
('late_row', 'kept: arrives long after its event, in a later part file where the table has several'),
('leap_day', 'kept: 23:59:59 in Paris on 2024-02-29'),
('line_of_unknown_order', 'staged, then excluded from sales'),
('lower_case_currency', 'quarantined: a currency is three capital letters'),
('many_decimals', 'kept: rounded half-up to the decimals of the type, and counted'),
('merge_chain', 'kept: rolls up to the account at the end of the chain'),
('merge_cycle', 'kept: the two accounts stay separate and are flagged'),
('merged_account', 'kept: its events roll up to the surviving account'),
('midnight', 'kept: 2024-05-14 22:00 UTC is 2024-05-15 in Paris'),
('month_end_is_next_day', 'kept: 2023-12-31 23:30 UTC is 2024-01-01 in Paris'),
('negative_duration', 'quarantined'),
('negative_refund', 'quarantined: refunds are positive'),
('never_live', 'kept: ended on the day it started, never in MRR'),
('no_key', 'quarantined'),
('no_price_nor_amount', 'quarantined: one of unit_price and line_amount is mandatory'),
('no_value', 'quarantined: a mandatory value is missing'),
('not_a_first_of_month', 'quarantined'),
('older_version', 'the newer version of the key wins'),
('older_version_of_other_owner', 'the newer version wins; the lead is credited to the owner of this earliest one'),
('order_without_lines', 'kept: a completed order without a line is a sale of 0'),
('other_words_for_a_boolean', 'kept: YES and f are booleans'),
('overlapping_membership',
    'kept: the rep is in this team until 2024-05-01, then in none: the earlier does not come back'),
('planned_activity', 'staged, then excluded: in the future of the as-of date'),
('planned_ending', 'kept: an ending after the as-of date decides nothing'),
('price_history', 'older price list: the newest version of the product wins'),
('probability_above_one', 'quarantined'),
('rate_of_zero', 'quarantined; the rate of the day before stays valid'),
('reopened_deal', 'kept: the deal counts once, at its latest win'),
('reserved_id', 'quarantined: the id unassigned is reserved'),
('return_after_rep_moved', 'kept: counts against the rep and team of the original sale'),
('return_of_cancelled_order', 'staged, then excluded'),
('return_of_unknown_order', 'staged, then excluded'),
('same_key_twice', 'without updated_at the last record in the file wins'),
('same_person_in_other_case', 'kept: the same person as the lead without the final B, counted once'),
('same_updated_at', 'with the same updated_at the last record in the file wins'),
('scientific_notation', 'quarantined'),
('score_above_scale', 'quarantined'),
('second_answer', 'kept: of one respondent only the latest answer of the period counts in nps'),
('short_date', 'quarantined'),
('splits_do_not_add_up', 'staged, then listed as shares_do_not_add_up; the owner gets the whole deal'),
('splits_nearly_add_up', 'kept: 0.9995 is within 0.001 of 1, shares are normalised'),
('summer_month_end_is_next_day', 'kept: 2024-03-31 22:00 UTC is 2024-04-01 in Paris'),
('summer_time_ends', 'kept: 2024-10-27 00:30 UTC is 02:30 in Paris, which the clock shows twice'),
('summer_time_starts', 'kept: 2024-03-31 00:30 UTC is 01:30 in Paris, half an hour before the clock jumps'),
('timestamp_with_fraction', 'kept'),
('timestamp_with_offset', 'kept: the same instant in UTC'),
('timestamp_without_offset', 'kept: without an offset it is UTC'),
('tombstone', 'the key is deleted; its other version is an older one'),
('tombstone_with_key_only',
    'the key is deleted, although mandatory values are missing; the other version is an older one'),
('unknown_account', 'kept: an inferred account'),
('unknown_campaign', 'kept: an inferred campaign'),
('unknown_product', 'kept: an inferred product'),
('unknown_rep', 'kept: an inferred rep'),
('unknown_team', 'kept: an inferred team'),
('unknown_word', 'quarantined: outside a closed list'),
('version_without_updated_at', 'a version without updated_at is the oldest'),
('words_for_a_boolean', 'quarantined'),
('words_for_a_number', 'quarantined'),
('words_for_a_timestamp', 'quarantined');

-- The manifest's list: one line for each table and kind.
create temp table summaries as
select
    planted.table_name, planted.kind, plants.action, plants.outcome, plants.reason, expectations.expected,
    count(*) as planted_rows,
    list_sort(list(planted.row_key)) as row_keys
from work.planted
left join work.plants on planted.table_name = plants.table_name and planted.kind = plants.kind
left join work.expectations on planted.kind = expectations.kind
group by planted.table_name, planted.kind, plants.action, plants.outcome, plants.reason, expectations.expected;

-- What becomes of the rows that are not staged. A copy that says that its key is deleted makes the original an older
-- version.
create temp table fates as
select table_name, outcome as fate, cast(sum(planted_rows) as bigint) as planted_rows
from (
    select table_name, outcome, planted_rows from summaries where outcome <> 'kept'
    union all
    select table_name, 'older_version', planted_rows from summaries where outcome = 'deleted' and action = 'copy'
) as outcomes
group by table_name, outcome;
