// The load for ../server.cc with gRPC for Go: one connection, on which IN_FLIGHT goroutines make empty calls.
//
//	load-go ADDRESS IN_FLIGHT SECONDS WARM_UP     prints one JSON object
//
// The messages are empty, so nothing is serialized, which is in its favour.
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"
	"sort"
	"strconv"
	"sync"
	"time"

	"google.golang.org/grpc"
)

type nothing struct{}

func (nothing) Marshal(interface{}) ([]byte, error) { return nil, nil }
func (nothing) Unmarshal([]byte, interface{}) error { return nil }
func (nothing) Name() string                        { return "proto" }

func main() {
	if len(os.Args) != 5 {
		log.Fatal("usage: load-go ADDRESS IN_FLIGHT SECONDS WARM_UP")
	}
	inFlight, err := strconv.Atoi(os.Args[2])
	must(err)
	seconds, err := time.ParseDuration(os.Args[3] + "s")
	must(err)
	warmUp, err := time.ParseDuration(os.Args[4] + "s")
	must(err)
	connection, err := grpc.Dial(os.Args[1], grpc.WithInsecure(), grpc.WithBlock(),
		grpc.WithDefaultCallOptions(grpc.ForceCodec(nothing{})))
	must(err)
	if warmUp > 0 {
		measure(connection, inFlight, warmUp)
	}
	latencies, took := measure(connection, inFlight, seconds)
	part := func(percent int) float64 { return float64(latencies[len(latencies)*percent/100]) / 1e3 }
	must(json.NewEncoder(os.Stdout).Encode(map[string]interface{}{"connections": 1, "in_flight": inFlight,
		"calls_per_second": float64(len(latencies)) / took.Seconds(), "p50_micros": part(50), "p99_micros": part(99)}))
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func measure(connection *grpc.ClientConn, inFlight int, lasts time.Duration) ([]time.Duration, time.Duration) {
	var working sync.WaitGroup
	latencies := make([][]time.Duration, inFlight)
	start := time.Now()
	for i := 0; i < inFlight; i++ {
		working.Add(1)
		go func(i int) {
			defer working.Done()
			for time.Since(start) < lasts {
				began := time.Now()
				must(connection.Invoke(context.Background(), "/bench.Empty/Call", nothing{}, &nothing{}))
				latencies[i] = append(latencies[i], time.Since(began))
			}
		}(i)
	}
	working.Wait()
	took := time.Since(start)
	var all []time.Duration
	for i := range latencies {
		all = append(all, latencies[i]...)
	}
	sort.Slice(all, func(i, j int) bool { return all[i] < all[j] })
	return all, took
}
