"""What is read from a plan of Spark: which rows are gathered in one partition and which tables go to every task."""

from tests.parity.plans import Plan, read_plan

# What Spark 3.5.9 says, shortened to what is read.
EXPLAINED = """== Physical Plan ==
AdaptiveSparkPlan (11)
+- Window (10)
   +- Sort (9)
      +- Exchange (8)
         +- Project (7)
            +- BroadcastHashJoin Inner BuildRight (6)
               :- Filter (2)
               :  +- BatchScan lake.core.fct_sales (1)
               +- BroadcastExchange (5)
                  +- Filter (4)
                     +- BatchScan lake.core.dim_reps (3)


(1) BatchScan lake.core.fct_sales
Output [2]: [rep_id#1, sold_amount#2]
lake.core.fct_sales (branch=null) [filters=rep_id IS NOT NULL, groupedBy=]

(3) BatchScan lake.core.dim_reps
Output [1]: [rep_id#3]

(5) BroadcastExchange
Input [1]: [rep_id#3]
Arguments: HashedRelationBroadcastMode(List(input[0, string, true]),false), [plan_id=17]

(6) BroadcastHashJoin
Left keys [1]: [rep_id#1]
Right keys [1]: [rep_id#3]
Join type: Inner

(8) Exchange
Input [2]: [rep_id#1, sold_amount#2]
Arguments: {partitioning}, ENSURE_REQUIREMENTS, [plan_id=20]

(10) Window
Input [2]: [rep_id#1, sold_amount#2]
Arguments: [row_number() windowspecdefinition(sold_amount#2 ASC) AS place#5], [sold_amount#2 ASC]

"""


def plan(partitioning: str) -> Plan:
    return Plan("some_model", "marts", 1.5, read_plan(EXPLAINED.replace("{partitioning}", partitioning)))


def test_operators_are_read_with_their_tables_keys_and_partitions() -> None:
    shown = [(one.name, one.detail) for one in plan("hashpartitioning(rep_id#1, 8)").operators if one.detail]
    assert shown == [
        (
            "Window",
            "[row_number() windowspecdefinition(sold_amount ASC) AS place], [sold_amount ASC]",
        ),
        ("Exchange", "hashpartitioning(rep_id, 8)"),
        ("BroadcastHashJoin", "rep_id, rep_id"),
        ("BatchScan", "core.fct_sales"),
        ("BroadcastExchange", "HashedRelationBroadcastMode(List(input[0, string, true]),false)"),
        ("BatchScan", "core.dim_reps"),
    ]


def test_a_table_that_goes_to_every_task_is_named() -> None:
    assert list(plan("hashpartitioning(rep_id#1, 8)").broadcast) == [["core.dim_reps"]]


def test_a_window_over_all_rows_is_noticed() -> None:
    assert list(plan("hashpartitioning(rep_id#1, 8)").gathered) == []
    assert list(plan("SinglePartition").gathered) == [["core.fct_sales", "core.dim_reps"]]
