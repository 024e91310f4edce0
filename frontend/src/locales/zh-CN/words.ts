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
