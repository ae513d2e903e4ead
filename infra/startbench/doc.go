// Package startbench measures what a cold start costs: for each function under
// functions/, the time from starting its process to its first request for work,
// beside a bare hello function in the same run, and the size of its arm64 zip.
//
//	go test -run - -bench . ./infra/startbench
//	go test -run - -bench . ./infra/startbench -rounds 100
//
// Functions take turns, round by round, so that whatever else the machine does
// slows all of them down alike; compare the ratio (x_hello), not the milliseconds. On
// Lambda the platform adds some 40 ms that no code of ours can change, and a smaller
// zip makes that part shorter.
//
// What goes into that time is package initialisation, so the budget is kept by
// choosing imports (infra/house pins them). TestInit holds what the runtime counts of
// it, bytes and allocations before main, to a budget on any machine.
package startbench
