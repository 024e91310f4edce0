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
  unit: { once: 'once', month: 'month', quarter: 'quarter', year: 'year', user_month: 'user and month', user_year: 'user and year', device_month: 'device and month', device_year: 'device and year', day: 'day', time: 'use' },
  size: { micro: 'Micro', small: 'Small', medium: 'Medium', large: 'Large' },
  depth: { resource: 'Resources', business: 'Business', capability: 'Capabilities', ecosystem: 'Ecosystem' },
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
