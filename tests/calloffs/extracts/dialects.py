"""Dialects: the headings as a council or system writes them, one row of ours under them, what the row says, and its basis."""

from calloffs.extracts.amount_basis import AmountBasis

NET, BOTH = AmountBasis.NET, AmountBasis.BOTH


def _says(text):
    pairs = (pair.split("=") for pair in text.split("|"))
    return {name: int(value) if name.endswith("_pence") else value for name, value in pairs}


DIALECTS = {
    "Salford": (
        "Authority Name|Date of Payment|SAP Document Number|Gross|VAT|Net|Supplier Name|Directorate|G/L description.",
        "Westborough Council|2018-03-01|601211703|528|88|440|Heron Labs Ltd|Children's Services|Security Services",
        _says(
            "authority_named=Westborough Council|paid_on=2018-03-01|transaction_number=601211703|gross_pence=52800"
            "|vat_pence=8800|net_pence=44000|supplier_name=Heron Labs Ltd|directorate=Children's Services"
            "|account_label=Security Services"
        ),
        BOTH,
    ),
    "Wakefield": (
        "Organisation Name|Organisation Code|Effective Date|Directorate|Service (Sercop)|SERCOP URI|Supplier Name"
        "|Purpose Of Spend|Type|TransNo|Seq No|Payment Date|Net Amount|Irrecoverable VAT|Merchant Category|P-Card Tran"
        "|Contract",
        "Westborough|E08000000|2020-12-31|CHILD|4|Education|HERON LABS|Assistance|Revenue|161369|113|09/12/2020|-179.00"
        "|Nil|SHOPS|GPC|Not yet available",
        _says(
            "authority_named=Westborough|directorate=CHILD|service=4|supplier_name=HERON LABS|narrative=Assistance"
            "|spend_type=Revenue|transaction_number=161369|line_number=113|paid_on=2020-12-09|net_pence=-17900"
            "|irrecoverable_vat_pence=0|category=SHOPS|card=GPC"
        ),
        NET,
    ),
    "Greater London Authority": (
        "Vendor ID|Vendor Name|Cost Element|Expenditure Account Code Description|Document No|Amount|Clearing Date"
        "|Directorate|Service Expenditure Analysis",
        "018000295|HERON LABS|544075|GRANTS|1900045416|899980.65|2019-08-15|GROWTH|PLANNING",
        _says(
            "supplier_number=018000295|supplier_name=HERON LABS|account_code=544075|account_label=GRANTS"
            "|transaction_number=1900045416|net_pence=89998065|paid_on=2019-08-15|directorate=GROWTH|service=PLANNING"
        ),
        None,
    ),
    "Oxford": (
        "Client|Service Area|Expenditure Catergory|Expenditure Code|Paid Date|Trans No|Amount|Type of Expenditure"
        "|Supplier ID|Supplier Name",
        "WBC|General Fund|Refunds|Z400404|16/01/2018|46296435 - 1|5200.00|Revenue|20008178|HERON LABS",
        _says(
            "authority_named=WBC|service=General Fund|account_label=Refunds|account_code=Z400404|paid_on=2018-01-16"
            "|transaction_number=46296435|line_number=1|net_pence=520000|spend_type=Revenue|supplier_number=20008178"
            "|supplier_name=HERON LABS"
        ),
        None,
    ),
    "North Tyneside": (
        "Payment Date|Transaction Number|Net Amount|Supplier (Beneficiary) Name|Local Supplier Internal Reference"
        "|Directorate / Service Where Expenditure Incurred|Service Category Label|Service Category URI"
        "|SeRCOP Expenditure Category|SeRCOP Expenditure Code|Purpose of Spend|SeRCOP Detailed Expenditure Code"
        "|Capital/Revenue|Procurement Classification",
        "2021-05-19|7011466|24.16|HERON LABS|401404|Housing|Culture|104|Supplies|504|Equipment|5023|Revenue|HR.TRAINING",
        _says(
            "paid_on=2021-05-19|transaction_number=7011466|net_pence=2416|supplier_name=HERON LABS|supplier_number=401404"
            "|directorate=Housing|service=Culture|account_label=Supplies|narrative=Equipment|account_code=5023"
            "|spend_type=Revenue|category=HR.TRAINING"
        ),
        NET,
    ),
    "Bradford": (
        "Service Code|Service Label|Expenditure code|Expenditure category|Payment date|Transaction Number|Net Amount"
        "|Supplier Number|Supplier Name",
        "S1|Housing|E5|Repairs|16.01.2018|77|12.34|00123|HERON LABS",
        _says(
            "service=Housing|account_code=E5|account_label=Repairs|paid_on=2018-01-16|transaction_number=77|net_pence=1234"
            "|supplier_number=00123|supplier_name=HERON LABS"
        ),
        NET,
    ),
    "Calderdale": (
        "Payment Date|Internal Ref Number|Invoice Number|Net Amount|Irrecoverable VAT|Supplier(Beneficiary) Name"
        "|Supplier Registered Company Number|VAT Registration Number|Proclass",
        "16 Jan 2018|9|1E5|12.34|0|HERON LABS|557725|123|Care",
        _says(
            "paid_on=2018-01-16|transaction_number=9|invoice_number=1E5|net_pence=1234|irrecoverable_vat_pence=0"
            "|supplier_name=HERON LABS|company_number=00557725|category=Care"
        ),
        NET,
    ),
    "East Cambs": (
        "Body name O|Transaction date M|Supplier M|Transaction number O|Net amount M|Irrecoverable VAT M|Department M"
        "|Procurement category M|CIPFA code R|Purpose M|Card transaction",
        "WBC|16/01/2018|HERON LABS|5|12.34|-|Planning|Works|C1|Bins|No",
        _says(
            "authority_named=WBC|paid_on=2018-01-16|supplier_name=HERON LABS|transaction_number=5|net_pence=1234"
            "|irrecoverable_vat_pence=0|directorate=Planning|category=Works|account_code=C1|narrative=Bins|card=No"
        ),
        NET,
    ),
    "Cannock Chase": (
        "Payment_Date|SumOfAmount_Inc_VAT|SumOfAmount_Exc_VAT|Capital_Revenue|Supplier_Name|Supplier_ID|Contract_ID",
        "16/01/18|£12.00|£10.00|Revenue|HERON LABS|7|C-9",
        _says(
            "paid_on=2018-01-16|gross_pence=1200|net_pence=1000|spend_type=Revenue|supplier_name=HERON LABS"
            "|supplier_number=7|call_off_reference=C-9"
        ),
        BOTH,
    ),
    "SAP": (
        "Company Code|Vendor|Name 1|Document Number|Line item|Posting Date|Document Date|Clearing date|Net due date"
        "|Reference|Purchasing Document|Amount in local currency|Cost Center|G/L Account|Text",
        "1000|0000412345|HERON LABS|5100000001|2|16.01.2018|10.01.2018|20.01.2018|09.02.2018|INV-7|4500012345|1,234.50-"
        "|CC01|430100|Stage 1",
        _says(
            "authority_named=1000|supplier_number=0000412345|supplier_name=HERON LABS|transaction_number=5100000001"
            "|line_number=2|paid_on=2018-01-20|invoice_on=2018-01-10|due_on=2018-02-09|purchase_order=4500012345"
            "|net_pence=-123450|cost_centre=CC01|account_code=430100|narrative=Stage 1"
        ),
        None,
    ),
    "our own export": (
        "PO number|Invoice number|Invoice date|Received date|Due date|Paid date|Net|VAT|Gross|Supplier number"
        "|Supplier name|Company number|Cost centre|Account code|Narrative|Call-off reference",
        "00451|INV-1|01/04/2022|02/04/2022|01/05/2022|28/04/2022|1,000.00|200.00|1,200.00|00077|Heron Labs|SC268016"
        "|00123|5010|Stage 1|DP21/4/0001",
        _says(
            "purchase_order=00451|invoice_number=INV-1|invoice_on=2022-04-01|received_on=2022-04-02|due_on=2022-05-01"
            "|paid_on=2022-04-28|net_pence=100000|vat_pence=20000|gross_pence=120000|supplier_number=00077"
            "|supplier_name=Heron Labs|company_number=SC268016|cost_centre=00123|account_code=5010|narrative=Stage 1"
            "|call_off_reference=DP21/4/0001"
        ),
        BOTH,
    ),
}
