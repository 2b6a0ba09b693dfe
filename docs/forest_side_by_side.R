# metafor's forest plot of the 13 BCG trials, for docs/forest-side-by-side.md.
# Run from the project's folder: Rscript docs/forest_side_by_side.R   (R package metafor 3.8 or newer)
library(metafor)

trials <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
pooled <- rma(yi, vi, data = trials, method = "REML", test = "knha")
columns <- c(-9.5, -8, -6, -4.5)

png("docs/images/side-by-side/forest-metafor.png", width = 1040, height = 600, res = 110)
par(mar = c(4, 1, 1, 1))
forest(pooled, atransf = exp, at = log(c(0.05, 0.25, 1, 4)), xlim = c(-16, 6),
       slab = paste(trials$author, trials$year), ilab = cbind(trials$tpos, trials$tneg, trials$cpos, trials$cneg),
       ilab.xpos = columns, cex = 0.75, addpred = TRUE, showweights = TRUE, header = "Author(s) and Year",
       mlab = "RE Model")
text(columns, pooled$k + 2, c("TB+", "TB-", "TB+", "TB-"), cex = 0.75, font = 2)
text(c(-8.75, -5.25), pooled$k + 3, c("Vaccinated", "Control"), cex = 0.75, font = 2)
invisible(dev.off())

print(predict(pooled, transf = exp), digits = 4)
