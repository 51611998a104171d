-- What metasfresh's own views do not tell: orders with their state, and products with price and tax category.
-- Run it once as the owner of the database. It makes two views, reads only, and changes no table.
-- Then make a process for each (window "Report & Process", type PostgREST, class
-- de.metas.postgrest.process.PostgRESTProcessExecutor) with the search key and JSON path that stand beside it, and give
-- the role of Linchpin's user the right to run it. Columns of your own may be added to either view: they are in the row.

-- Search key: Linchpin_Sales_Orders_JSON
-- JSON path:  /linchpin_sales_orders_json_v?or=(Updated.gte.@UpdatedGE/9999-01-01T00:00:00@,ExternalId.eq.@ExternalId/-1@,Order_ID.eq.@Order_ID/-1@)&limit=@Limit/2000@&offset=@Offset/0@
-- Parameters: UpdatedGE (date+time), ExternalId (text), Order_ID (text), Limit (integer), Offset (integer)
CREATE OR REPLACE VIEW linchpin_sales_orders_json_v AS
SELECT o.c_order_id                                              AS "Order_ID",
       o.documentno                                              AS "DocumentNo",
       o.docstatus                                               AS "DocStatus",
       o.poreference                                             AS "POReference",
       o.externalid                                              AS "ExternalId",
       o.dateordered::date::timestamp                            AS "DateOrdered",
       GREATEST(o.updated, l.updated, i.updated)::timestamp      AS "Updated",
       bp.c_bpartner_id                                          AS "Partner_ID",
       bp.value                                                  AS "Partner_Value",
       bp.name                                                   AS "Partner_Name",
       pt.name                                                   AS "PaymentTerm",
       cur.iso_code                                              AS "Currency",
       o.grandtotal                                              AS "GrandTotal",
       COALESCE(l.lines, '[]'::jsonb)                            AS "Lines",
       COALESCE(i.invoices, '[]'::jsonb)                         AS "Invoices"
FROM c_order o
         JOIN c_doctype dt ON dt.c_doctype_id = o.c_doctypetarget_id AND dt.docbasetype = 'SOO'
         JOIN c_bpartner bp ON bp.c_bpartner_id = o.c_bpartner_id
         JOIN c_currency cur ON cur.c_currency_id = o.c_currency_id
         LEFT JOIN c_paymentterm pt ON pt.c_paymentterm_id = o.c_paymentterm_id
         LEFT JOIN LATERAL (SELECT MAX(ol.updated)  AS updated,
                                   JSONB_AGG(JSONB_BUILD_OBJECT(
                                                     'OrderLine_ID', ol.c_orderline_id,
                                                     'Order_Line', ol.line,
                                                     'ExternalId', ol.externalid,
                                                     'Product_ID', p.m_product_id,
                                                     'Product_Value', p.value,
                                                     'Product_Name', p.name,
                                                     'Description', COALESCE(ol.productdescription, ol.description),
                                                     'QtyOrdered', ol.qtyordered,
                                                     'QtyDelivered', ol.qtydelivered,
                                                     'QtyInvoiced', ol.qtyinvoiced,
                                                     'PriceActual', ol.priceactual,
                                                     'LineNetAmt', ol.linenetamt,
                                                     'TaxRate', COALESCE(t.rate, 0)
                                                 ) ORDER BY ol.line) AS lines
                            FROM c_orderline ol
                                     JOIN m_product p ON p.m_product_id = ol.m_product_id
                                     LEFT JOIN c_tax t ON t.c_tax_id = ol.c_tax_id
                            WHERE ol.c_order_id = o.c_order_id
                              AND ol.isactive = 'Y') l ON TRUE
         LEFT JOIN LATERAL (SELECT MAX(inv.updated) AS updated,
                                   JSONB_AGG(JSONB_BUILD_OBJECT(
                                           'Invoice_ID', inv.c_invoice_id,
                                           'DocStatus', inv.docstatus,
                                           'GrandTotal', inv.grandtotal,
                                           'IsPaid', inv.ispaid = 'Y')) AS invoices
                            FROM c_invoice inv
                            WHERE inv.c_order_id = o.c_order_id) i ON TRUE
WHERE o.issotrx = 'Y'
  AND o.isactive = 'Y'
ORDER BY GREATEST(o.updated, l.updated, i.updated) DESC, o.c_order_id DESC;

-- Search key: Linchpin_Products_JSON
-- JSON path:  /linchpin_products_json_v?or=(Updated.gte.@UpdatedGE/9999-01-01T00:00:00@,Product_ID.eq.@Product_ID/-1@)&limit=@Limit/2000@&offset=@Offset/0@
-- Parameters: UpdatedGE (date+time), Product_ID (text), Limit (integer), Offset (integer)
-- Name the price list that sells in the place of 'SHOP'; its newest version that is valid today counts.
CREATE OR REPLACE VIEW linchpin_products_json_v AS
SELECT p.m_product_id                                   AS "Product_ID",
       p.value                                          AS "Value",
       p.name                                           AS "Name",
       p.description                                    AS "Description",
       p.upc                                            AS "UPC",
       uom.x12de355                                     AS "UOM",
       p.producttype                                    AS "ProductType",
       (p.isactive = 'Y')                               AS "IsActive",
       GREATEST(p.updated, price.updated)::timestamp    AS "Updated",
       price.taxcategory                                AS "TaxCategory",
       price.pricestd                                   AS "Price",
       price.iso_code                                   AS "Currency",
       price.istaxincluded                              AS "IsTaxIncluded"
FROM m_product p
         JOIN c_uom uom ON uom.c_uom_id = p.c_uom_id
         LEFT JOIN LATERAL (SELECT pp.updated,
                                   pp.pricestd,
                                   tc.internalname           AS taxcategory,
                                   cur.iso_code,
                                   (pl.istaxincluded = 'Y')  AS istaxincluded
                            FROM m_pricelist pl
                                     JOIN m_pricelist_version plv ON plv.m_pricelist_id = pl.m_pricelist_id AND plv.isactive = 'Y'
                                     JOIN m_productprice pp ON pp.m_pricelist_version_id = plv.m_pricelist_version_id AND pp.isactive = 'Y'
                                     JOIN c_currency cur ON cur.c_currency_id = pl.c_currency_id
                                     LEFT JOIN c_taxcategory tc ON tc.c_taxcategory_id = pp.c_taxcategory_id
                            WHERE pl.name = 'SHOP'
                              AND plv.validfrom <= now()
                              AND pp.m_product_id = p.m_product_id
                            ORDER BY plv.validfrom DESC, pp.seqno
                            LIMIT 1) price ON TRUE
WHERE p.issold = 'Y'
ORDER BY GREATEST(p.updated, price.updated) DESC, p.m_product_id DESC;
