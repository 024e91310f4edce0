export default { title: '政策', one: '政策原文' }
