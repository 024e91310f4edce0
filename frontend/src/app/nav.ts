import type { Role } from '@/api/session'

/** One door in the navigation: the name of a route and the key of its words. */
export interface Door {
  route: string
  label: string
}

const door = (route: string, label: string): Door => ({ route, label: `shell.nav.${label}` })

export const publicDoors: readonly Door[] = [
  door('services', 'services'),
  door('providers', 'providers'),
  door('policies', 'policies'),
  door('calculator', 'calculator'),
  door('notices', 'notices'),
]

const roleDoors: Record<Role, readonly Door[]> = {
  enterprise: [door('enterprise.needs', 'myNeeds'), door('enterprise.agreements', 'myAgreements'), door('enterprise.claims', 'myClaims'), door('clawbacks', 'clawbacks')],
  provider: [
    door('provider.offers', 'myOffers'),
    door('provider.leads', 'leads'),
    door('provider.agreements', 'agreements'),
    door('provider.claims', 'claims'),
    door('provider.receivables', 'receivables'),
    door('clawbacks', 'clawbacks'),
  ],
  district_officer: [door('desk.enterprises', 'deskEnterprises'), door('desk.agreements', 'deskAgreements'), door('desk.claims', 'deskClaims'), door('budget.board', 'budget'), door('clawbacks', 'clawbacks')],
  city_officer: [
    door('desk.claims', 'deskClaims'),
    door('desk.notices', 'deskNotices'),
    door('finance.batches', 'batches'),
    door('clawbacks', 'clawbacks'),
    door('budget.board', 'budget'),
    door('desk.agreements', 'deskAgreements'),
    door('draws', 'draws'),
    door('desk.enterprises', 'deskEnterprises'),
    door('authoring', 'authoring'),
  ],
  finance: [door('finance.batches', 'batches'), door('budget.board', 'budget'), door('clawbacks', 'clawbacks')],
  auditor: [door('desk.claims', 'claimsAll'), door('desk.agreements', 'agreements'), door('finance.batches', 'batches'), door('budget.board', 'budget'), door('clawbacks', 'clawbacks'), door('authoring', 'authoring'), door('auditor.record', 'record')],
  operator: [door('auditor.record', 'record')],
}

/** The doors for a role that lead somewhere: rooms not built in are left out. */
export function doorsFor(role: Role | '', exists: (route: string) => boolean): Door[] {
  return (role === '' ? [] : roleDoors[role] ?? []).filter((entry) => exists(entry.route))
}
