// Nanoseconds of CPU an operation on Go: goroutines, channels and timers, on one processor
// (GOMAXPROCS=1), as a loop has one thread. Prints one line an operation, its name and the figure
// with a tab between; `loops` of Reactor.Bench builds and runs this. Go has no callbacks to queue and
// no awaits, only calls, so those lines are missing.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"syscall"
	"time"
)

const (
	chain = 1_000_000
	tasks = 200_000
	trips = 300_000
)

func cpu() int64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return usage.Utime.Nano() + usage.Stime.Nano()
}

func timed(name string, operations int64, run func()) {
	runtime.GC()
	start := cpu()
	run()
	fmt.Printf("%s\t%.1f\n", name, float64(cpu()-start)/float64(operations))
}

func taskSwitch() {
	var all sync.WaitGroup
	for i := 0; i < chain/1000; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			for j := 0; j < 1000; j++ {
				runtime.Gosched()
			}
		}()
	}
	all.Wait()
}

func createTask() {
	var all sync.WaitGroup
	all.Add(tasks)
	for i := 0; i < tasks; i++ {
		go all.Done()
	}
	all.Wait()
}

func callLaterAndCancel() {
	timers := make([]*time.Timer, chain)
	for i := range timers {
		timers[i] = time.AfterFunc(time.Duration(1000+i%997)*time.Second, func() {})
	}
	for _, timer := range timers {
		timer.Stop()
	}
}

func futureRoundTrip() {
	asked := make(chan chan int)
	go func() {
		for future := range asked {
			future <- 1
		}
	}()
	for i := 0; i < trips; i++ {
		future := make(chan int, 1)
		asked <- future
		<-future
	}
	close(asked)
}

func queuePutAndGet() {
	queue := make(chan int, 100)
	go func() {
		for i := 0; i < trips; i++ {
			queue <- i
		}
	}()
	for i := 0; i < trips; i++ {
		<-queue
	}
}

func main() {
	runtime.GOMAXPROCS(1)
	timed("task switch", chain, taskSwitch)
	timed("create and finish a task", tasks, createTask)
	timed("call_later + cancel", chain, callLaterAndCancel)
	timed("future round trip", trips, futureRoundTrip)
	timed("queue put + get", trips, queuePutAndGet)
}
