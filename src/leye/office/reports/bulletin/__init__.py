"""The weekly bulletin (就业监测周报) and the quarterly situation report (季度就业形势报告): one section a module, each with its four parts."""
