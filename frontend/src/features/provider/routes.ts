import type { RouteRecordRaw } from 'vue-router'

const meta = (title: string) => ({ title: `provider.${title}`, rooms: ['queue', 'subsidy', 'provider'], roles: ['provider' as const] })

export default [
  { path: '/provider/offers', name: 'provider.offers', component: () => import('./OffersPage.vue'), meta: meta('offers') },
  { path: '/provider/offers/new', name: 'provider.offer.new', component: () => import('./OfferPage.vue'), meta: meta('offer.new') },
  { path: '/provider/offers/:id', name: 'provider.offer', component: () => import('./OfferPage.vue'), meta: meta('offer.edit') },
  { path: '/provider/leads', name: 'provider.leads', component: () => import('./LeadsPage.vue'), meta: meta('leads') },
  { path: '/provider/leads/:id', name: 'provider.lead', component: () => import('./LeadPage.vue'), meta: meta('lead.title') },
  { path: '/provider/agreements', name: 'provider.agreements', component: () => import('./AgreementsPage.vue'), meta: meta('agreements') },
  { path: '/provider/agreements/:id', name: 'provider.agreement', component: () => import('./AgreementPage.vue'), meta: meta('agreement.title') },
  { path: '/provider/claims', name: 'provider.claims', component: () => import('./ClaimsPage.vue'), meta: meta('claims') },
  { path: '/provider/claims/:id', name: 'provider.claim', component: () => import('./ClaimPage.vue'), meta: meta('claim.title') },
  { path: '/provider/receivables', name: 'provider.receivables', component: () => import('./ReceivablesPage.vue'), meta: meta('receivables') },
] satisfies RouteRecordRaw[]
