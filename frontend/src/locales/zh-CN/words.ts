/** The vocabulary of the house that several rooms show. */
export default {
  role: {
    enterprise: '企业',
    provider: '服务商',
    district_officer: '区县经办',
    city_officer: '市级经办',
    finance: '财政',
    auditor: '第三方审计',
    operator: '运维',
  },
  unit: { once: '一次性', month: '月', quarter: '季', year: '年', user_month: '用户·月', user_year: '用户·年', device_month: '设备·月', device_year: '设备·年', day: '人天', time: '次' },
  size: { micro: '微型企业', small: '小型企业', medium: '中型企业', large: '大型企业' },
  depth: { resource: '资源上云', business: '业务上云', capability: '能力上云', ecosystem: '生态上云' },
  category: {
    infra: '基础设施上云',
    platform: '平台系统上云',
    app: '业务应用上云',
    device: '设备上云',
    data: '数据上云',
    iip: '上工业互联网平台',
    support: '支撑服务',
  },
}
