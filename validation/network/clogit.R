# Exact conditional logistic regression of the networks of counts in arms.json: the likelihood of counts_network's NCH.
# Run in this folder: Rscript clogit.R > clogit.json
suppressMessages({library(survival); library(jsonlite)})
networks <- fromJSON("arms.json")$networks
most <- 100 # events of a trial; with many more the sums of clogit overflow, and it says so by NA

fit <- function(arms) {
  total <- ave(arms$events, arms$study, FUN = sum)
  arms <- as.data.frame(arms)[total > 0 & total <= most, ]
  people <- do.call(rbind, lapply(seq_len(nrow(arms)), function(i) with(arms[i, ], data.frame(
    study, treatment, event = rep(1:0, c(events, n - events))))))
  people$treatment <- factor(people$treatment)
  tight <- coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 50)
  model <- clogit(event ~ treatment + strata(study), people, method = "exact", control = tight)
  names <- levels(people$treatment)
  list(studies = unique(arms$study), reference = names[1], treatments = names[-1],
       estimate = unname(coef(model)), covariance = unname(vcov(model)))
}

answer <- list(software = paste("survival", packageVersion("survival"), "in", R.version$version.string),
               networks = lapply(networks[c("Woods2010", "smokingcessation")], function(entry) fit(entry$arms)))
cat(toJSON(answer, digits = I(15), auto_unbox = TRUE, pretty = TRUE), "\n")
