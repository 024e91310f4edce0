/**
 * The part of the public contract that the shell of the site speaks. It is
 * replaced by `npm run generate` once docs/openapi.json is exported.
 */
export interface paths {
  '/api/v1/auth/login': {
    post: {
      requestBody: { content: { 'application/json': { login: string; password: string } } }
      responses: { 200: { content: { 'application/json': { access_token: string; expires_in: number } } } }
    }
  }
  '/api/v1/auth/register': {
    post: {
      requestBody: { content: { 'application/json': components['schemas']['Registration'] } }
      responses: { 201: { content: { 'application/json': { organisation: string } } } }
    }
  }
  '/api/v1/auth/logout': {
    post: { responses: { 204: { content?: never } } }
  }
  '/api/v1/me': {
    get: { responses: { 200: { content: { 'application/json': components['schemas']['Me'] } } } }
  }
  '/api/v1/meta': {
    get: { responses: { 200: { content: { 'application/json': components['schemas']['Meta'] } } } }
  }
  '/api/v1/offers': {
    get: {
      parameters: {
        query?: {
          q?: string
          category?: string
          depth?: string
          provider?: string
          price_max_fen?: number
          sort?: string
          page_size?: number
          cursor?: string
        }
      }
      responses: { 200: { content: { 'application/json': components['schemas']['OfferList'] } } }
    }
  }
  '/api/v1/policies': {
    get: {
      responses: { 200: { content: { 'application/json': { items: components['schemas']['PolicySummary'][] } } } }
    }
  }
  '/api/v1/notices': {
    get: {
      parameters: { query?: { page_size?: number; cursor?: string } }
      responses: {
        200: {
          content: { 'application/json': { items: components['schemas']['NoticeSummary'][]; next_cursor?: string } }
        }
      }
    }
  }
  '/api/v1/notifications': {
    get: {
      parameters: { query?: { page_size?: number; cursor?: string } }
      responses: {
        200: {
          content: {
            'application/json': {
              items: components['schemas']['Notification'][]
              unread: number
              next_cursor?: string
            }
          }
        }
      }
    }
  }
}

export interface components {
  schemas: {
    Me: { person: string; name: string; org: string; org_name: string; role: string; district?: string }
    Registration: {
      name: string
      credit_code: string
      industry: string
      district: string
      head_count: number
      revenue_fen: number
      assets_fen: number
      contact: string
      mobile: string
      login: string
      password: string
    }
    Meta: { demo: boolean; version?: string; demo_accounts?: components['schemas']['DemoAccount'][] }
    DemoAccount: { login: string; password: string; role: string; name: string }
    OfferList: {
      items: components['schemas']['OfferSummary'][]
      facets?: Record<string, { value: string; label?: string; count: number }[]>
      total: number
      next_cursor?: string
    }
    OfferSummary: {
      id: string
      name: string
      summary?: string
      category: string
      depth?: string
      provider: { id: string; name: string }
      price_from_fen: number
    }
    PolicySummary: { code: string; title: string; illustrative?: boolean; meter?: components['schemas']['Meter'] }
    Meter: { appropriation_fen: number; reserved_fen: number; awarded_fen: number; paid_fen: number }
    NoticeSummary: { id: string; title: string; opens_on: string; closes_on: string; state?: string }
    Notification: { id: string; title: string; body?: string; link?: string; created_at: string; read_at?: string }
  }
}
