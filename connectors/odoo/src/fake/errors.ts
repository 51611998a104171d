/** An exception as Odoo raises it: its Python name, and the status that /json/2 gives it. */
export class OdooError extends Error {
  readonly pythonName: string
  readonly status: number

  constructor(pythonName: string, message: string, status: number) {
    super(message)
    this.pythonName = pythonName
    this.status = status
  }
}

export const userError = (message: string) => new OdooError('odoo.exceptions.UserError', message, 422)
export const validationError = (message: string) =>
  new OdooError('odoo.exceptions.ValidationError', message, 422)
export const accessError = (message: string) => new OdooError('odoo.exceptions.AccessError', message, 403)
export const accessDenied = () => new OdooError('odoo.exceptions.AccessDenied', 'Access Denied', 401)
export const missingError = (model: string, id: number) =>
  new OdooError(
    'odoo.exceptions.MissingError',
    `Record does not exist or has been deleted.\n(Record: ${model}(${id},), User: 2)`,
    404,
  )
export const notFound = (message: string) => new OdooError('werkzeug.exceptions.NotFound', message, 404)
export const badArguments = (message: string) =>
  new OdooError('werkzeug.exceptions.UnprocessableEntity', message, 422)
export const pythonError = (name: string, message: string) => new OdooError(`builtins.${name}`, message, 500)
