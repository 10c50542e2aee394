# All images: docker buildx bake [--push] [--set '*.platform=linux/amd64,linux/arm64'] [cpu | gpu]
#
#   REGISTRY=registry.example/vision/ VERSION=0.1.0 docker buildx bake --push

variable "REGISTRY" {
  default = ""
}

variable "VERSION" {
  default = "0.1.0"
}

group "default" {
  targets = ["cpu", "gpu"]
}

group "cpu" {
  targets = ["cli", "service", "worker"]
}

group "gpu" {
  targets = ["worker-cuda"]
}

target "cli" {
  dockerfile = "services/Containerfile.cli"
  tags = ["${REGISTRY}tutelage/cli:${VERSION}"]
}

target "service" {
  name = service
  matrix = { service = ["gateway", "pretrainer", "fine-tuner", "labeler", "student-trainer"] }
  dockerfile = "services/Containerfile.service"
  args = { SERVICE = service }
  tags = ["${REGISTRY}tutelage/${service}:${VERSION}"]
}

target "worker" {
  name = "${service}-worker"
  matrix = { service = ["pretrainer", "fine-tuner", "labeler", "student-trainer"] }
  dockerfile = "services/Containerfile.worker"
  args = { SERVICE = service }
  tags = ["${REGISTRY}tutelage/${service}-worker:${VERSION}"]
}

# There is no JNI of DJL for CUDA on arm64.
target "worker-cuda" {
  name = "${service}-worker-cuda"
  matrix = { service = ["pretrainer", "fine-tuner", "labeler", "student-trainer"] }
  dockerfile = "services/Containerfile.worker-cuda"
  args = { SERVICE = service }
  platforms = ["linux/amd64"]
  tags = ["${REGISTRY}tutelage/${service}-worker-cuda:${VERSION}"]
}
