library(testthat)
library(ganbridge)

test_check("ganbridge")
