import ArgumentParser
import PipelineServer
print("x")
