/**
 * For metasfresh's scripted export (external system "ScriptedAdapter"). Its process hands over the JSON rows of the
 * document that was completed; what this makes of them is posted to Linchpin, which then reads the record itself.
 */
// eslint-disable-next-line no-unused-vars -- metasfresh calls it by its name
function transform(messageFromMetasfresh) {
  var message = JSON.parse(messageFromMetasfresh)
  var rows = Array.isArray(message) ? message : [message]
  var told = rows.map(function (row) {
    if (row.Invoice_ID)
      return { entity: row.DocType_Base === 'ARC' ? 'CreditNote' : 'Invoice', id: row.Invoice_ID }
    if (row.Shipment_ID) return { entity: 'Shipment', id: row.Shipment_ID }
    if (row.Order_ID) return { entity: 'SalesOrder', id: row.ExternalId || row.Order_ID }
    if (row.Product_ID) return { entity: 'StockLevel', id: row.Product_ID }
    return null
  })
  return JSON.stringify({
    linchpin: told.filter(function (each) {
      return each !== null
    }),
  })
}
