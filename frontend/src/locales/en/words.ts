export default {
  role: {
    enterprise: 'Enterprise',
    provider: 'Provider',
    district_officer: 'District officer',
    city_officer: 'City officer',
    finance: 'Finance officer',
    auditor: 'Auditor',
    operator: 'Operator',
  },
  category: {
    infra: 'Infrastructure',
    platform: 'Platforms',
    app: 'Business applications',
    device: 'Equipment',
    data: 'Data',
    iip: 'Industrial internet',
    support: 'Supporting services',
  },
}
