"""Turns a fresh Tryton database into a small German web seller's: company in EUR, fiscal year, chart of accounts,
19 % and 7 %, a payment term and method, accounting categories, service products for shipping and fees.

Usage: prepare.py <database> <trytond.conf>"""
import datetime
import sys
from decimal import Decimal

from proteus import Model, config

database, config_file = sys.argv[1:3]
session = config.set_trytond(database, user='admin', config_file=config_file)

from trytond.modules.account.tests.tools import create_chart, create_fiscalyear, create_tax, get_accounts
from trytond.modules.account_invoice.tests.tools import create_payment_term, set_fiscalyear_invoice_sequences
from trytond.modules.company.tests.tools import create_company, get_company
from trytond.modules.currency.tests.tools import get_currency


def main():
    finish_module_wizards()
    company = make_company()
    make_countries()
    # The year before and the year after too: a test may run at the turn of the year.
    for year in (0, 1):
        day = datetime.date.today().replace(month=6, day=15)
        day = day.replace(year=day.year + year)
        set_fiscalyear_invoice_sequences(create_fiscalyear(company, day)).click('create_period')
    create_chart(company)
    accounts = get_accounts(company)
    make_payment_method(accounts)
    create_payment_term().save()
    categories = {rate: make_category(accounts, rate) for rate in ('0.19', '0.07', None)}
    make_services(categories)
    configure_sales()
    invoices_as_pdf()


def finish_module_wizards():
    for item in Model.get('ir.module.config_wizard.item').find([('state', '=', 'open')]):
        item.state = 'done'
        item.save()


def make_company():
    Party, User = Model.get('party.party'), Model.get('res.user')
    Country = Model.get('country.country')
    germany = Country(name='Germany', code='DE', code3='DEU')
    germany.save()
    party = Party(name='Linchpin Test Wares')
    party.addresses[0].street = 'Marktplatz 1'
    party.addresses[0].postal_code = '20095'
    party.addresses[0].city = 'Hamburg'
    party.addresses[0].country = germany
    party.save()
    create_company(party=party, currency=get_currency('EUR'))
    company = get_company()
    user = User(session.user)
    if company not in user.companies:
        user.companies.append(company)
    user.company = company
    user.save()
    session._context = User.get_preferences(True, session.context)
    return company


def make_countries():
    Country = Model.get('country.country')
    for code, code3, name in (('AT', 'AUT', 'Austria'), ('FR', 'FRA', 'France'), ('NL', 'NLD', 'Netherlands'),
            ('CH', 'CHE', 'Switzerland'), ('GB', 'GBR', 'United Kingdom'), ('US', 'USA', 'United States')):
        Country(name=name, code=code, code3=code3).save()


def make_payment_method(accounts):
    journal, = Model.get('account.journal').find([('type', '=', 'cash')])
    method = Model.get('account.invoice.payment.method')(name='Bank', journal=journal)
    method.credit_account = method.debit_account = accounts['cash']
    method.save()


def make_category(accounts, rate):
    category = Model.get('product.category')(accounting=True)
    category.name = 'Untaxed' if rate is None else 'Goods %d %%' % (Decimal(rate) * 100)
    category.account_expense = accounts['expense']
    category.account_revenue = accounts['revenue']
    if rate is not None:
        tax = create_tax(Decimal(rate))
        tax.name = tax.description = 'VAT %d %%' % (Decimal(rate) * 100)
        tax.save()
        category.customer_taxes.append(tax)
    category.save()
    return category


def make_services(categories):
    unit, = Model.get('product.uom').find([('symbol', '=', 'u')])
    for code, name, rate in (('SHIPPING', 'Shipping', '0.19'), ('FEE', 'Fee', '0.19'),
            ('ROUNDING', 'Rounding', None)):
        template = Model.get('product.template')(name=name, type='service', default_uom=unit, salable=True)
        template.sale_uom = unit
        template.list_price = Decimal(0)
        template.account_category = categories[rate]
        template.products[0].suffix_code = code
        template.save()


def configure_sales():
    sales = Model.get('sale.configuration')(1)
    sales.sale_shipment_method, sales.sale_invoice_method = 'order', 'shipment'
    sales.save()


def invoices_as_pdf():
    for report in Model.get('ir.action.report').find([('report_name', '=', 'account.invoice')]):
        report.extension = 'pdf'
        report.save()


main()
