// Lets files be dropped where they can be chosen.

/**
 * @param {HTMLElement} place that is dropped on
 * @param {(files: File[]) => void} take
 */
export function dropOn(place, take) {
  const over = (event, is) => {
    if (event.dataTransfer && Array.from(event.dataTransfer.types).includes("Files")) {
      event.preventDefault();
      place.classList.toggle("over", is);
    }
  };
  place.addEventListener("dragenter", (event) => over(event, true));
  place.addEventListener("dragover", (event) => over(event, true));
  place.addEventListener("dragleave", (event) => over(event, false));
  place.addEventListener("drop", (event) => {
    over(event, false);
    take(Array.from(event.dataTransfer.files));
  });
}

/** Makes a file input hold these files. */
export function hold(input, files) {
  const chosen = new DataTransfer();
  files.forEach((file) => chosen.items.add(file));
  input.files = chosen.files;
}
