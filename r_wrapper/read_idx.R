#' Read images and labels in MNIST's format
#'
#' Reads a file in the idx format, which is used by MNIST and similar data sets: compressed by gzip or not,
#' of any data type and number of dimensions that the format has. The file is read by the Python core.
#'
#' @param path Path of a local file.
#' @return An array of integers, or of doubles if the file holds floating-point numbers: MNIST's images are n x 28 x 28.
#'   One-dimensional data (MNIST's labels) are returned as a vector. A file that cannot be read, is not an idx file or
#'   is truncated is an error of class `ganbridge_error`.
#' @references LeCun, Cortes and Burges, The MNIST database of handwritten digits, which describes
#'   the format: <http://yann.lecun.com/exdb/mnist>
#' @seealso [plot_images()]; [gan_fit()] with `kind = "image"`
#' @examplesIf ganbridge::gan_available()
#' # Two images of 8 x 8 pixels, written by hand: two zeros, the type (8: bytes), the number of
#' # dimensions, their sizes, and the pixels row by row.
#' file <- tempfile(fileext = ".gz")
#' out <- gzfile(file, "wb")
#' writeBin(as.raw(c(0, 0, 8, 3)), out)
#' writeBin(c(2L, 8L, 8L), out, endian = "big")
#' writeBin(as.raw(c(0:63, 63:0)), out)
#' close(out)
#' images <- read_idx(file)
#' dim(images)
#' plot_images(images)
#' @export
read_idx <- function(path) {
  path <- check_path(path, "path")
  values <- tryCatch(
    call_core("read_idx", path)$values,
    ganbridge_bad_argument = \(e) stop_file(conditionMessage(e))
  )
  if (length(dim(values)) == 1) as.vector(values) else values
}
