#' Read images and labels in MNIST's format
#'
#' Reads a file of the idx format, in which MNIST and its relatives come: gzipped or not, whatever its
#' name, with any of the format's types and numbers of dimensions. The file is read by the Python core.
#'
#' @param path Path of a file on this machine.
#' @return An array of integers, or of doubles where the file holds such: MNIST's images are n x 28 x 28. One
#'   dimension (MNIST's labels) comes as a vector. A file that cannot be read, is no idx file or was
#'   cut off is an error of class `ganbridge_error`.
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
  values <- call_core("read_idx", check_path(path, "path"))$values
  if (length(dim(values)) == 1) as.vector(values) else values
}
